# ---
# id = "missing-other-folder"
# title = "Writes its answer beside the declared folder"
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

for folder in ("outputs", "Output", "../output"):
    os.makedirs(folder, exist_ok=True)
    pq.write_table(pa.table({"n": [1, 2]}), f"{folder}/part-0.parquet")
