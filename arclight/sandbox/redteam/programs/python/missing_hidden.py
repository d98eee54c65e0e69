# ---
# id = "missing-hidden"
# title = "Writes its answer under names that are no answer"
# clause = "missing"
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
for name in ("_part-0.parquet", ".part-0.parquet", "part-0.parquet.inprogress"):
    pq.write_table(pa.table({"n": [1, 2]}), f"output/{name}")
