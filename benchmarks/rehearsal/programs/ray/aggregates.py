import argparse

import ray
from ray.data.aggregate import Count, Max, Mean, Sum

STRIKES = "file:///data/strikes.parquet"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", default="output")
    args = parser.parse_args()
    ray.init()
    strikes = ray.data.read_parquet(STRIKES, columns=["wildlife_size", "cost_total", "speed", "flight_date"])
    strikes = strikes.add_column("year", lambda batch: batch["flight_date"].dt.year, batch_format="pandas")
    strikes = strikes.drop_columns(["flight_date"])
    by_year = strikes.groupby(["year", "wildlife_size"]).aggregate(
        Count(), Sum("cost_total"), Mean("speed"), Max("cost_total")
    )
    by_year.sort(["year", "wildlife_size"]).write_parquet(args.output)


if __name__ == "__main__":
    main()
