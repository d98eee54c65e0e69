import argparse

import ray


def cleaned(row):
    cost = row["Cost Repair"]
    return {
        "size": row["Wildlife Size"].strip().lower(),
        "cost": float(cost or 0),
        "year": str(row["Flight Date"])[:4],
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", default="output")
    args = parser.parse_args()
    ray.init()
    strikes = ray.data.read_csv("file:///data/birdstrikes.csv")
    rows = strikes.map(cleaned).filter(lambda row: row["cost"] > 0)
    totals = rows.groupby("size").sum("cost")
    totals.sort("sum(cost)", descending=True).write_parquet(args.output)


if __name__ == "__main__":
    main()
