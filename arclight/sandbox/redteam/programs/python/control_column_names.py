# ---
# id = "control-column-names"
# title = "Puts control characters into the names of columns"
# clause = "control"
# engine = "python"
# expects = ["control"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import os

import pyarrow as pa
import pyarrow.parquet as pq

with open("probe.json") as f:
    P = json.load(f)

os.mkdir("output")
table = pa.table({"total\x1b[2J": [1], "\u202eeman": [2], "a\r\nb": [3]})
pq.write_table(table, "output/part-0.parquet")
