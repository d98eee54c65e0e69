# ---
# id = "bounded-stderr"
# title = "Floods standard error in small pieces"
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

for _ in range(8 * P["limits"]["log"] // 32):
    os.write(2, b"warning: 0123456789 abcdefghij\n\n")
