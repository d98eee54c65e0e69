# ---
# id = "bounded-memory-hidden"
# title = "Keeps memory in files without a name, where no process's size shows it"
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

held = []
for _ in range(8):
    held.append(os.memfd_create("hidden"))
    for _ in range(P["limits"]["memory"] // 4 // (1 << 20)):
        os.write(held[-1], b"m" * (1 << 20))
time.sleep(2)
