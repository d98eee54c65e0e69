# ---
# id = "end-held-everything"
# title = "A child in a session of its own holds every descriptor open"
# clause = "end"
# engine = "python"
# expects = ["end"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import os
import time

with open("probe.json") as f:
    P = json.load(f)

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(60)
    os._exit(0)
time.sleep(0.1)
os._exit(0)
