# ---
# id = "bounded-endless-line"
# title = "A line without end"
# clause = "bounded"
# engine = "python"
# expects = ["bounded"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import sys

with open("probe.json") as f:
    P = json.load(f)

for _ in range(64):
    sys.stdout.buffer.write(b"x" * P["limits"]["log"])
