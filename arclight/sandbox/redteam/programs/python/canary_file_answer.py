# ---
# id = "canary-file-answer"
# title = "Hands a file from outside over as the answer"
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
pq.write_table(pa.table({"name": ["x"] * 3, "value": [text] * 3}), "output/part-0.parquet")
