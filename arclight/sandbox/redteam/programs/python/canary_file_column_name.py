# ---
# id = "canary-file-column-name"
# title = "Hands a file from outside over as the name of a column"
# clause = "canary"
# engine = "python"
# expects = ["leak"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import os

import pyarrow as pa
import pyarrow.parquet as pq

with open("probe.json") as f:
    P = json.load(f)

with open(P["canary"]) as f:
    text = f.read()
os.mkdir("output")
pq.write_table(pa.table({text: [1]}), "output/part-0.parquet")
