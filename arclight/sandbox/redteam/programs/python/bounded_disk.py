# ---
# id = "bounded-disk"
# title = "Writes more than it may"
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

block = os.urandom(1 << 20)
for number in range(3 * P["limits"]["bytes"] // (4 << 20)):
    with open(f"file-{number}", "wb") as f:
        for _ in range(4):
            f.write(block)
