# ---
# id = "bounded-entries"
# title = "Makes more files than it may"
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

for folder in range(10):
    os.mkdir(f"many-{folder}")
    for number in range(P["limits"]["files"] // 3):
        os.close(os.open(f"many-{folder}/{number}", os.O_CREAT | os.O_WRONLY))
