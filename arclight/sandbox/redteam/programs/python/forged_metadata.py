# ---
# id = "forged-metadata"
# title = "Metadata in the footer claim another table"
# clause = "forged"
# engine = "python"
# expects = ["rows:2"]
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

claims = {
    "num_rows": "1000000",
    "status": "succeeded",
    "pandas": '{"index_columns": [{"stop": 9}]}',
}
table = pa.table({"n": [1, 2]}).replace_schema_metadata(claims)
os.mkdir("output")
pq.write_table(table, "output/part-0.parquet")
