# ---
# id = "survivors-hopper"
# title = "A chain of processes that live for milliseconds each, so that a list of them is always late"
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

end = time.monotonic() + 60
if os.fork() == 0:
    os.setsid()
    os.close(1)
    os.close(2)
    while time.monotonic() < end and not os.path.exists(P["stop"]):
        time.sleep(0.005)
        if os.fork():
            os._exit(0)
    os._exit(0)
time.sleep(0.3)
