# ---
# id = "forged-row-count"
# title = "The footer counts 63 rows where there are 3"
# clause = "forged"
# engine = "python"
# expects = ["rows:3"]
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
pq.write_table(pa.table({"n": [1, 2, 3]}), "output/part-0.parquet", store_schema=False)
with open("output/part-0.parquet", "rb") as f:
    data = f.read()
# In the footer: rows = 3 (zigzag 6), then a list of one row group.
forged = data.replace(b"\x16\x06\x19\x1c", b"\x16\x7e\x19\x1c")
assert forged != data
with open("output/part-0.parquet", "wb") as f:
    f.write(forged)
