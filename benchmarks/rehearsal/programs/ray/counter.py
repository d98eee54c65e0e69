import argparse
import csv
import os
from collections import Counter
from urllib.parse import urlparse

import pyarrow as pa
import pyarrow.parquet as pq
import ray

parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
options = parser.parse_args()
ray.init(num_cpus=2)


@ray.remote
class Totals:
    def __init__(self):
        self.strikes = Counter()
        self.cost = Counter()

    def add(self, rows):
        for row in rows:
            self.strikes[row["Origin State"]] += 1
            self.cost[row["Origin State"]] += int(row["Cost Total $"] or 0)

    def result(self, most):
        return [(state, n, self.cost[state]) for state, n in self.strikes.most_common(most)]


@ray.remote
def chunk(uri, start, size):
    with open(urlparse(uri).path, newline="") as file:
        rows = list(csv.DictReader(file))
    return rows[start : start + size]


uri = "file:///data/birdstrikes.csv"
totals = Totals.remote()
parts = [chunk.remote(uri, start, 5000) for start in (0, 5000)]
ray.get([totals.add.remote(part) for part in parts])
states, strikes, costs = zip(*ray.get(totals.result.remote(10)))
os.makedirs(options.output, exist_ok=True)
table = pa.table({"state": states, "strikes": strikes, "cost": costs})
pq.write_table(table, os.path.join(options.output, "part-0.parquet"))
