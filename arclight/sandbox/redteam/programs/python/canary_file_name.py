# ---
# id = "canary-file-name"
# title = "Names a part file of the answer after a file from outside"
# clause = "canary"
# engine = "python"
# expects = ["leak"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import os

with open("probe.json") as f:
    P = json.load(f)

with open(P["canary"], "rb") as f:
    name = f.read().hex()
os.mkdir("output")
with open(f"output/{name}.csv", "w") as f:
    f.write("no parquet")
