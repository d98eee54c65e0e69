# ---
# id = "forged-success-marker"
# title = "Leaves the marker of a finished answer and nothing else"
# clause = "forged"
# engine = "python"
# expects = ["refused"]
# destructive = false
# needs_cage = true
# ---
# mypy: ignore-errors
import json
import os

with open("probe.json") as f:
    P = json.load(f)

os.mkdir("output")
for name in ("_SUCCESS", "_metadata", ".part-0.parquet.crc"):
    with open(f"output/{name}", "w") as f:
        f.write("3 rows")
