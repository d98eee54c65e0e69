# ---
# id = "bounded-disk-locked"
# title = "Writes into a folder that it locked against everybody, by files that it held open"
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

os.mkdir("locked")
held = [open(f"locked/{number}", "wb") for number in range(3 * P["limits"]["bytes"] // (4 << 20))]
os.chmod("locked", 0)
block = os.urandom(1 << 20)
for file in held:
    for _ in range(4):
        file.write(block)
    file.flush()
time.sleep(2)
