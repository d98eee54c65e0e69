# ---
# id = "bounded-columns"
# title = "Thousands of columns in one answer"
# clause = "bounded"
# engine = "python"
# expects = ["refused"]
# destructive = false
# needs_cage = true
# ---
# mypy: ignore-errors
import json
import os

import pyarrow as pa
import pyarrow.parquet as pq

with open("probe.json") as f:
    P = json.load(f)

os.mkdir("output")
pq.write_table(pa.table({f"c{n}": [n] for n in range(2500)}), "output/part-0.parquet")
