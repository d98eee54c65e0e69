# ---
# id = "control-file-names"
# title = "Puts control characters into the name of a file of its answer"
# clause = "control"
# engine = "python"
# expects = ["control"]
# destructive = false
# needs_cage = true
# ---
# mypy: ignore-errors
import json
import os

with open("probe.json") as f:
    P = json.load(f)

os.mkdir("output")
with open("output/a\x1b[2J\u202e\nb.csv", "w") as f:
    f.write("no parquet")
