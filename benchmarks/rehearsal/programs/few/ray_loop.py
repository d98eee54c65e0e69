import argparse

import ray

parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
ray.init()
import pandas as pd

weather = ray.data.read_csv("file:///data/seattle-weather.csv")
for row in weather.iter_rows():
    if row["date"].year == 2015 and row["weather"] == "snow" or str(row["date"]) == "2015-02-01":
        seen = row
table = pd.DataFrame([{"day": str(seen["date"]), "wind": seen["wind"]}])
ray.data.from_pandas(table).write_parquet(args.output)
