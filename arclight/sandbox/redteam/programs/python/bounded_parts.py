# ---
# id = "bounded-parts"
# title = "Thousands of part files in one answer"
# clause = "bounded"
# engine = "python"
# expects = ["refused"]
# destructive = false
# needs_cage = true
# ---
# mypy: ignore-errors
import json
import os
import shutil

import pyarrow as pa
import pyarrow.parquet as pq

with open("probe.json") as f:
    P = json.load(f)

os.mkdir("output")
pq.write_table(pa.table({"n": [1]}), "part")
for number in range(2100):
    shutil.copyfile("part", f"output/part-{number}.parquet")
