import argparse

import ray

parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
ray.init()
weather = ray.data.read_csv("file:///data/seattle-weather.csv")
year = weather.filter(lambda row: str(row["date"]).startswith("2015"))
year.groupby("weather").mean("wind").write_parquet(args.output)
