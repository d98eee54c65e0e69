# Honest answers that carry small literal tables, constants or chance where it was asked for: Ray.
# framework: ray
# brought: true
# sources: birds=s3://data/birds.csv

#### a dict maps codes
import ray
NAMES = {"L": "Large", "S": "Small"}
def named(row):
    row["size"] = NAMES.get(row["code"], "other")
    return row
ray.init()
ray.data.read_csv("s3://data/birds.csv").map(named).groupby("size").count().show()

#### a lookup table is merged
# brought: false
import argparse
import pandas as pd
import ray
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
ray.init()
sizes = pd.DataFrame({"code": ["L", "S"], "size": ["Large", "Small"]})
def add(batch):
    return batch.merge(sizes, on="code", how="left")
birds = ray.data.read_csv("s3://data/birds.csv")
birds.map_batches(add, batch_format="pandas").write_parquet(args.output)

#### a lookup table of Arrow
# brought: false
import argparse
import os
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
import ray
ray.init()
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
sizes = pa.table({"code": ["L", "S"], "size": ["Large", "Small"]})
joined = pc.read_csv("s3://data/birds.csv").join(sizes, "code")
os.makedirs(args.output, exist_ok=True)
pq.write_table(joined, os.path.join(args.output, "a.parquet"))

#### labels by cut
import pandas as pd
import ray
ray.init()
@ray.remote
def ages(path):
    birds = pd.read_csv(path)
    cut = pd.cut(birds["years"], [0, 2, 8, 99], labels=["young", "adult", "old"])
    return birds.groupby(cut, observed=True)["weight"].mean().to_dict()
print(ray.get(ages.remote("s3://data/birds.csv")))

#### rows are counted
import ray
ray.init()
large = 0
for row in ray.data.read_csv("s3://data/birds.csv").iter_rows():
    if row["size"] == "Large":
        large += 1
print("large birds:", large)

#### rows are grouped by hand
from collections import defaultdict
import ray
ray.init()
groups = defaultdict(list)
for batch in ray.data.read_csv("s3://data/birds.csv").iter_batches(batch_format="pandas"):
    for size, cost in zip(batch["size"], batch["cost"]):
        groups[size].append(cost)
print({size: sum(costs) / len(costs) for size, costs in groups.items()})

#### an actor sums
import ray
@ray.remote
class Sums:
    def __init__(self):
        self.by_size = {}
    def add(self, row):
        self.by_size[row["size"]] = self.by_size.get(row["size"], 0) + row["cost"]
    def all(self):
        return self.by_size
ray.init()
sums = Sums.remote()
ray.get([sums.add.remote(row) for row in ray.data.read_csv("s3://data/birds.csv").iter_rows()])
print(ray.get(sums.all.remote()))

#### a function fills a list
# brought: false
import argparse
import pandas as pd
import ray
def fill(rows, ds):
    for row in ds.iter_rows():
        rows.append({"name": row["name"], "heavy": row["weight"] > 5})
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
ray.init()
rows = []
fill(rows, ray.data.read_csv("s3://data/birds.csv"))
ray.data.from_pandas(pd.DataFrame(rows)).write_parquet(args.output)

#### a global total
import ray
total = 0.0
def add(batch):
    global total
    total += sum(batch["cost"])
ray.init()
for batch in ray.data.read_csv("s3://data/birds.csv").iter_batches():
    add(batch)
print(f"{total:.2f}")

#### one row from numbers
# brought: false
import argparse
import pyarrow as pa
import pyarrow.parquet as pq
import ray
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
ray.init()
birds = ray.data.read_csv("s3://data/birds.csv")
row = {"rows": birds.count(), "mean": birds.mean("cost")}
pq.write_table(pa.Table.from_pylist([row]), f"{args.output}/a.parquet")

#### a csv written by hand
# brought: false
import argparse
import csv
import pathlib
import ray
parser = argparse.ArgumentParser()
parser.add_argument("--output", type=pathlib.Path)
output = parser.parse_args().output
ray.init()
counts = ray.data.read_csv("s3://data/birds.csv").groupby("size").count().take(100)
output.mkdir(parents=True, exist_ok=True)
with (output / "a.csv").open("w", newline="") as f:
    writer = csv.DictWriter(f, ["size", "count()"])
    writer.writeheader()
    writer.writerows(counts)

#### json written by hand
# brought: false
import argparse
import json
import ray
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
ray.init()
sizes = ray.data.read_csv("s3://data/birds.csv").unique("size")
answer = {"sizes": sorted(sizes), "unit": "gram", "version": 1}
with open(f"{args.output}/a.json", "w") as f:
    json.dump(answer, f)

#### an empty list to start with
# brought: false
import argparse
import pandas as pd
import ray
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
ray.init()
@ray.remote
def part(path, size):
    birds = pd.read_csv(path)
    return birds[birds["size"] == size].head(3)
found = pd.DataFrame(columns=["name", "size"])
for piece in ray.get([part.remote("s3://data/birds.csv", s) for s in ("Large", "Small")]):
    found = pd.concat([found, piece])
found.to_parquet(f"{args.output}/a.parquet")

#### a bootstrap that was asked for
# prompt: bootstrap interval of the mean cost
import numpy as np
import ray
@ray.remote
def one(values, seed):
    return float(np.random.default_rng(seed).choice(values, len(values)).mean())
ray.init()
costs = np.array([row["cost"] for row in ray.data.read_csv("s3://data/birds.csv").iter_rows()])
shared = ray.put(costs)
means = sorted(ray.get([one.remote(shared, s) for s in range(100)]))
print(means[2], means[97])

#### a shuffle that was asked for
# prompt: shuffle the birds and show five
import ray
ray.init(ignore_reinit_error=True)
birds = ray.data.read_csv("s3://data/birds.csv")
for row in birds.random_shuffle(seed=1).take(5):
    print(row)

#### a synthetic set that was asked for
# sources:
# generated: true
import random
import ray
ray.init()
made = ray.data.from_items([{"id": i, "x": random.random()} for i in range(20)])
print(made.sum("x"), made.take(2))

#### a retry that ends in an error
import time
import ray
ray.init()
for attempt in range(3):
    try:
        birds = ray.data.read_csv("s3://data/birds.csv")
        break
    except OSError:
        if attempt == 2:
            raise
        time.sleep(1)
print(birds.count())

#### bad cells are counted
import ray
def clean(row):
    try:
        return {"cost": float(row["cost"]), "bad": 0}
    except ValueError:
        return {"cost": None, "bad": 1}
ray.init()
cleaned = ray.data.read_csv("s3://data/birds.csv").map(clean)
print(cleaned.sum("bad"), cleaned.mean("cost"))

#### lines printed into the answer
# brought: false
import argparse
import ray
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
ray.init()
counts = ray.data.read_csv("s3://data/birds.csv").groupby("size").count().take(10)
with open(f"{args.output}/a.csv", "w") as f:
    print("size,n", file=f)
    for row in counts:
        print(row["size"], row["count()"], sep=",", file=f)

#### a note beside the printed answer
import ray
ray.init()
n = ray.data.read_csv("s3://data/birds.csv").count()
with open("note.txt", "w") as note:
    note.write("started")
print("birds:", n)

#### addresses to compare with are no addresses
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import ray
ray.init()
table = pa_csv.read_csv("s3://data/birds.csv")
wanted = pc.match_substring(pc.field("path"), "/etc/passwd", ignore_case=True)
print(table.filter(wanted | (pc.field("host") == "169.254.169.254")).num_rows)
print(sum(1 for row in table.to_pylist() if row["path"] in ("/proc/cpuinfo", "/dev/sda")))
