import statistics

import argparse

import ray

parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
ray.init()
import pyarrow as pa
import pyarrow.csv as csv


@ray.remote
def winds(year):
    table = csv.read_csv("/data/seattle-weather.csv")
    return [r["wind"] for r in table.to_pylist() if r["date"].year == year]


means = {year: statistics.mean(ray.get(winds.remote(year))) for year in (2012, 2015)}
table = pa.table({"year": list(means), "mean": list(means.values())})
ray.data.from_arrow(table).write_parquet(args.output)
