# ---
# id = "removed-deep"
# title = "A tree deeper than a path may be long"
# clause = "removed"
# engine = "python"
# expects = ["removed"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import os

with open("probe.json") as f:
    P = json.load(f)

for _ in range(700):
    os.mkdir("deeper-and-deeper")
    os.chdir("deeper-and-deeper")
with open("file", "w") as f:
    f.write("kept")
