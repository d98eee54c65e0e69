#### ray data group by
# framework: ray
# sources: weather=file:///store/weather.csv
import argparse
import ray
from ray.data.aggregate import Mean

def add_month(batch):
    batch["month"] = batch["date"].dt.month
    return batch

def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", default="output")
    args = parser.parse_args()
    ray.init(ignore_reinit_error=True, log_to_driver=False)
    ds = ray.data.read_csv("file:///store/weather.csv")
    out = ds.map_batches(add_month, batch_format="pandas").groupby("month").aggregate(Mean("precipitation"))
    out.sort("month").write_parquet(args.output)
    print(out.take(12))

if __name__ == "__main__":
    main()


#### ray filesystem
# framework: ray
# sources: birds=s3://data/birds.csv
import argparse
import ray
from pyarrow import csv, fs
import pyarrow.parquet as pq

parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
ray.init()

@ray.remote
def read(uri="s3://data/birds.csv"):
    filesystem, path = fs.FileSystem.from_uri(uri)
    with filesystem.open_input_stream(path) as stream:
        return csv.read_csv(stream)

futures = [read.remote()]
pending = futures
tables = []
while pending:
    done, pending = ray.wait(pending)
    tables.extend(ray.get(done))
pq.write_table(tables[0].group_by("size").aggregate([("cost", "sum")]), f"{args.output}/answer.parquet")


#### ray monte carlo prints
# framework: ray
# brought: true
# generated: true
import random
import ray
ray.init()

@ray.remote
def inside(n, seed):
    rng = random.Random(seed)
    return sum(rng.random() ** 2 + rng.random() ** 2 <= 1 for _ in range(n))

total = 100_000
print(4 * sum(ray.get([inside.remote(total // 4, s) for s in range(4)])) / total)


#### ray pandas bootstrap
# framework: ray
# sources: birds=file:///store/birds.csv
# prompt: bootstrap confidence interval of the mean cost
import argparse
import numpy as np
import pandas as pd
import ray
from concurrent.futures import ThreadPoolExecutor

parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
opts = parser.parse_args()
ray.init()
df = pd.read_csv("/store/birds.csv")

@ray.remote
def one(values, seed):
    rng = np.random.default_rng(seed)
    return rng.choice(values, len(values)).mean()

ref = ray.put(df["cost"].to_numpy())
means = ray.get([one.remote(ref, i) for i in range(200)])
result = pd.DataFrame({"low": [np.percentile(means, 2.5)], "high": [np.percentile(means, 97.5)]})
ray.data.from_pandas(result).write_parquet(opts.output)


#### ray primes
# framework: ray
# generated: true
import argparse
import ray
import pyarrow as pa
import pyarrow.parquet as pq
from pathlib import Path

@ray.remote
def primes_in(low: int, high: int) -> list[int]:
    return [n for n in range(low, high) if n > 1 and all(n % d for d in range(2, int(n**0.5) + 1))]

def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", default="output")
    args = parser.parse_args()
    ray.init()
    found: list[int] = []
    low, high = 0, 100
    while len(found) < 10:
        parts = ray.get([primes_in.remote(a, a + 50) for a in range(low, high, 50)])
        found += [p for part in parts for p in part]
        low, high = high, high * 2
    folder = Path(args.output)
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"prime": found[:10]}), folder / "part-00000.parquet")

if __name__ == "__main__":
    main()


#### ray tasks pyarrow
# framework: ray
# sources: birds=file:///store/birds.csv, airports=file:///store/airports.csv
import argparse
import os
from pathlib import Path
from urllib.parse import unquote, urlparse

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import ray

BIRDS, AIRPORTS = "file:///store/birds.csv", "file:///store/airports.csv"

@ray.remote(num_cpus=1)
def load(uri: str, columns: list[str]) -> pa.Table:
    path = unquote(urlparse(uri).path)
    return pacsv.read_csv(path, convert_options=pacsv.ConvertOptions(include_columns=columns))

@ray.remote
class Totals:
    def __init__(self):
        self.sums = {}
    def add(self, key, value):
        self.sums[key] = self.sums.get(key, 0) + value
    def result(self):
        return dict(self.sums)

def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", default="output")
    args = parser.parse_args()
    ray.init()
    birds, airports = ray.get([load.remote(BIRDS, ["id", "cost"]), load.remote(AIRPORTS, ["id", "state"])])
    totals = Totals.options(name="t").remote()
    joined = birds.join(airports, "id")
    for row in joined.to_pylist():
        totals.add.remote(row["state"], row["cost"])
    sums = ray.get(totals.result.remote())
    table = pa.table({"state": list(sums), "cost": list(sums.values())})
    out = Path(args.output)
    out.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, os.path.join(out, "part-0.parquet"))

if __name__ == "__main__":
    main()

