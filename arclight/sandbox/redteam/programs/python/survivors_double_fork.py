# ---
# id = "survivors-double-fork"
# title = "A daemon that forks twice with a session of its own"
# clause = "survivors"
# engine = "python"
# expects = ["survivors"]
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
        for fd in range(3):
            os.close(fd)
        time.sleep(90)
    os._exit(0)
time.sleep(0.3)
