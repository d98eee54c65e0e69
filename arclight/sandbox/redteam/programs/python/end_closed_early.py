# ---
# id = "end-closed-early"
# title = "Closes its pipes long before it writes the answer"
# clause = "end"
# engine = "python"
# expects = ["answer:1", "end"]
# destructive = false
# needs_cage = true
# ---
# mypy: ignore-errors
import json
import os
import time

import pyarrow as pa
import pyarrow.parquet as pq

with open("probe.json") as f:
    P = json.load(f)

os.close(1)
os.close(2)
time.sleep(0.7)
os.mkdir("output")
pq.write_table(pa.table({"n": [1]}), "output/part-0.parquet")
os._exit(0)
