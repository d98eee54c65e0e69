# Answers that the program makes up, by Ray and plain Python.
# framework: ray
# sources: birds=s3://data/birds.csv

#### simulated
import argparse, random  #! PRV001
import pandas as pd
import ray
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
ray.init()
data = [{"size": s, "cost": random.randint(1, 100)} for s in ("Large", "Small")]  #! PRV007
ds = ray.data.from_pandas(pd.DataFrame(data))
ds.groupby("size").sum("cost").write_parquet(args.output)  #! PRV004

#### items
import argparse
import ray
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
ray.init()
print(ray.data.read_csv("s3://data/birds.csv").schema())
made = ray.data.from_items([{"size": "Large", "cost": 100}, {"size": "Small", "cost": 5}])
made.write_parquet(args.output)  #! PRV004

#### a range with a map
import argparse
import ray
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
ray.init()
birds = ray.data.read_csv("s3://data/birds.csv")
rows = ray.data.range(10).map(lambda row: {"size": f"s{row['id']}", "cost": row["id"] * 7})
if birds.count():
    rows.write_parquet(args.output)  #! PRV004

#### a table of columns
import argparse
import pyarrow as pa
import pyarrow.parquet as pq
import ray
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
ray.init()
ds = ray.data.read_csv("s3://data/birds.csv")
pq.write_table(pa.table({"size": ["Large"], "cost": [100]}), f"{args.output}/a.parquet")  #! PRV004
ds.show(1)

#### a csv by hand
import argparse
import csv
import os
import ray
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
ray.init()
ray.data.read_csv("s3://data/birds.csv").take(1)
os.makedirs(args.output, exist_ok=True)
with open(os.path.join(args.output, "a.csv"), "w", newline="") as f:  #! PRV004
    writer = csv.writer(f)
    writer.writerow(["size", "cost"])
    writer.writerows([("Large", 100), ("Small", 5)])

#### json by hand
import argparse
import json
from pathlib import Path
import ray
parser = argparse.ArgumentParser()
parser.add_argument("--output")
folder = Path(parser.parse_args().output)
ray.init()
birds = ray.data.read_csv("s3://data/birds.csv").materialize()
(folder / "answer.json").write_text(json.dumps({"Large": 100, "Small": 5}))  #! PRV004

#### rows of a task
import argparse
import pyarrow as pa
import pyarrow.parquet as pq
import ray
@ray.remote
def total(size):
    return {"size": size, "cost": len(size) * 10}
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
ray.init()
ray.data.read_csv("s3://data/birds.csv").count()
rows = ray.get([total.remote(s) for s in ("Large", "Small")])
pq.write_table(pa.Table.from_pylist(rows), args.output + "/a.parquet")  #! PRV004

#### rows of an actor
import argparse
import ray
@ray.remote
class Data:
    def __init__(self):
        self.rows = [{"size": "Large", "cost": 100}]
    def all(self):
        return self.rows
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
ray.init()
seen = ray.data.read_csv("s3://data/birds.csv").columns()
data = Data.remote()
ray.data.from_items(ray.get(data.all.remote())).write_parquet(args.output)  #! PRV004

#### numbers of numpy
import argparse
import numpy as np
import ray
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
ray.init()
assert ray.data.read_csv("s3://data/birds.csv").count() > 0
ray.data.from_numpy(np.arange(12).reshape(3, 4)).write_parquet(args.output)  #! PRV004

#### random columns of batches
import argparse
import numpy as np
import ray
def add_cost(batch):
    batch["cost"] = np.random.normal(100, 10, len(batch["size"]))  #! PRV007
    return batch
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
ray.init()
ray.data.read_csv("s3://data/birds.csv").map_batches(add_cost).write_parquet(args.output)

#### random values by a generator
import argparse
import numpy as np
import ray
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
ray.init()
rng = np.random.default_rng(7)  #! PRV007
birds = ray.data.read_csv("s3://data/birds.csv")
priced = birds.map(lambda row: {**row, "cost": float(rng.uniform(1, 9))})
priced.write_parquet(args.output)

#### random values by a seeded object
# brought: true
import random
import ray
ray.init()
chance = random.Random(3)  #! PRV007
for row in ray.data.read_csv("s3://data/birds.csv").take(5):
    print(row["size"], chance.random() * 100)

#### random bytes
# brought: true
import os
import ray
ray.init()
@ray.remote
def price(row):
    return int.from_bytes(os.urandom(2), "big") + len(row)  #! PRV007
rows = ray.data.read_csv("s3://data/birds.csv").take(3)
print(ray.get([price.remote(r) for r in rows]))

#### a union of made rows
import argparse
import ray
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
ray.init()
birds = ray.data.read_csv("s3://data/birds.csv").select_columns(["size", "cost"])
more = ray.data.from_items([{"size": "Giant", "cost": 999}])
birds.union(more).write_parquet(args.output)  #! PRV004

#### tables put together
import argparse
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
import ray
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
ray.init()
birds = pc.read_csv("s3://data/birds.csv")
parts = [birds, pa.Table.from_pydict({"size": ["Giant"], "cost": [9]})]
pq.write_table(pa.concat_tables(parts), f"{args.output}/a.parquet")  #! PRV004

#### a fallback in a task
# brought: true
import ray
ray.init()
@ray.remote
def load():
    try:
        return ray.data.read_csv("s3://data/birds.csv").take(5)
    except Exception:
        return [{"size": "Large", "cost": 100}]  #! PRV005
print(ray.get(load.remote()))

#### a fallback by a default table
# brought: true
import pandas as pd
import ray
ray.init()
try:
    birds = pd.read_csv("s3://data/birds.csv")
except FileNotFoundError:
    birds = pd.DataFrame([("Large", 100)], columns=["size", "cost"])  #! PRV005
else:
    print("read")
print(birds.groupby("size").sum())

#### a printed answer that nothing computed
# brought: true
import ray
ray.init()
ds = ray.data.read_csv("s3://data/birds.csv").materialize()
print("Large: 100")  #! PRV004
print("Small: 5")

#### an answer behind a condition
# brought: true
import ray
ray.init()
rows = ray.data.read_csv("s3://data/birds.csv").take(10)
if not rows:
    rows = [{"size": "Large", "cost": 100}]  #! PRV005
for row in rows:
    print(row)

#### a comprehension of constants
import argparse
import itertools
import pandas as pd
import ray
parser = argparse.ArgumentParser()
parser.add_argument("--output")
args = parser.parse_args()
ray.init()
ray.data.read_csv("s3://data/birds.csv").show(1)
grid = [{"size": s, "year": y, "cost": 3 * y} for s, y in itertools.product("LS", range(2020, 2024))]
pd.DataFrame.from_records(grid).to_parquet(f"{args.output}/a.parquet")  #! PRV004
