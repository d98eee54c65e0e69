# ---
# id = "bounded-disk-unlinked"
# title = "Fills the disk with files that have no name any more"
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

block = os.urandom(1 << 20)
held = []
for number in range(3 * P["limits"]["bytes"] // (4 << 20)):
    held.append(open(f"file-{number}", "wb"))
    os.unlink(f"file-{number}")
    for _ in range(4):
        held[-1].write(block)
time.sleep(2)
