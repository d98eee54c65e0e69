# ---
# id = "removed-refilled"
# title = "A child that fills the folder again while it is being removed"
# clause = "removed"
# engine = "python"
# expects = ["removed", "survivors"]
# destructive = false
# ---
# mypy: ignore-errors
import contextlib
import json
import os
import time

with open("probe.json") as f:
    P = json.load(f)

if os.fork() == 0:
    os.setsid()
    end = time.monotonic() + 60
    while time.monotonic() < end and not os.path.exists(P["stop"]):
        with contextlib.suppress(OSError):
            os.makedirs(os.path.join(P["root"], "work", "again", str(time.monotonic_ns())))
        time.sleep(0.01)
    os._exit(0)
time.sleep(0.2)
