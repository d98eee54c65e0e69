# ---
# id = "end-flood-after"
# title = "A child floods standard output after the program's end"
# clause = "end"
# engine = "python"
# expects = ["end", "bounded"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import os
import time

with open("probe.json") as f:
    P = json.load(f)

if os.fork() == 0:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        os.write(1, b"flood " * 1000 + b"\n")
        time.sleep(0.002)
    os._exit(0)
time.sleep(0.2)
os._exit(0)
