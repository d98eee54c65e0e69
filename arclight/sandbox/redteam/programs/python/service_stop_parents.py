# ---
# id = "service-stop-parents"
# title = "Stops everything above it, so that nobody ends it"
# clause = "service"
# engine = "python"
# expects = ["service", "deadline"]
# destructive = true
# wall = 1.5
# ---
# mypy: ignore-errors
import contextlib
import json
import os
import signal
import time

with open("probe.json") as f:
    P = json.load(f)

for pid in (os.getppid(), P["launcher"]):
    with contextlib.suppress(OSError):
        os.kill(pid, signal.SIGSTOP)
time.sleep(20)
