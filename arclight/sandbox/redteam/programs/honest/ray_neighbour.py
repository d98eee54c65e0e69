# mypy: ignore-errors
"""An honest job of Ray: adds up what is easy to know."""

import os
import sys

import pyarrow as pa
import pyarrow.parquet as pq

import ray


@ray.remote
def part(first):
    return sum(range(first, first + 100))


ray.init()
total = sum(ray.get([part.remote(n) for n in range(0, 1000, 100)]))
os.mkdir(sys.argv[2])
pq.write_table(pa.table({"total": [total]}), f"{sys.argv[2]}/part-0.parquet")
