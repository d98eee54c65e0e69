# ---
# id = "bounded-depth"
# title = "Folders in folders, deeper than any path may be long"
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

for _ in range(3 * P["limits"]["files"]):
    os.mkdir("d" * 8)
    os.chdir("d" * 8)
