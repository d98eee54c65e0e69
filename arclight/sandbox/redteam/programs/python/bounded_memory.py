# ---
# id = "bounded-memory"
# title = "Takes more memory than it may have"
# clause = "bounded"
# engine = "python"
# expects = ["bounded"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import time

with open("probe.json") as f:
    P = json.load(f)

kept = []
for _ in range(2 * P["limits"]["memory"] // (4 << 20)):
    kept.append(b"m" * (4 << 20))
    time.sleep(0.002)
time.sleep(1)
