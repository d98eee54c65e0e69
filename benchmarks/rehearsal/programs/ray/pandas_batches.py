import argparse

import pandas as pd
import ray

p = argparse.ArgumentParser()
p.add_argument("--output", default="output")
args = p.parse_args()
ray.init(ignore_reinit_error=True)


def add_month(batch: pd.DataFrame) -> pd.DataFrame:
    batch["date"] = pd.to_datetime(batch["date"])
    batch["month"] = batch["date"].dt.month
    batch["span"] = batch["temp_max"] - batch["temp_min"]
    return batch[["month", "span", "weather"]]


def shares(group: pd.DataFrame) -> pd.DataFrame:
    rainy = (group["weather"] == "rain").mean()
    return pd.DataFrame({"month": [group["month"].iloc[0]], "rainy": [rainy], "span": [group["span"].mean()]})


weather = ray.data.read_csv("file:///data/seattle-weather.csv")
months = weather.map_batches(add_month, batch_format="pandas")
months.groupby("month").map_groups(shares, batch_format="pandas").sort("month").write_parquet(args.output)
