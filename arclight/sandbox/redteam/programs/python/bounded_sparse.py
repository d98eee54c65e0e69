# ---
# id = "bounded-sparse"
# title = "One file that says it is a terabyte long"
# clause = "bounded"
# engine = "python"
# expects = ["bounded"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import os

with open("probe.json") as f:
    P = json.load(f)

os.mkdir("output")
with open("output/part-0.parquet", "wb") as f:
    f.truncate(1 << 40)
