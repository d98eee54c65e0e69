# ---
# id = "bounded-memory-shared-out"
# title = "Many processes take a little each"
# clause = "bounded"
# engine = "python"
# expects = ["bounded"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import os
import time

with open("probe.json") as f:
    P = json.load(f)

for _ in range(6):
    if os.fork() == 0:
        kept = b"m" * (P["limits"]["memory"] // 3)
        time.sleep(3)
        os._exit(len(kept) & 0)
time.sleep(3)
