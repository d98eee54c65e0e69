# ---
# id = "service-kill-parents"
# title = "Kills everything above it"
# clause = "service"
# engine = "python"
# expects = ["service"]
# destructive = true
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
        os.kill(pid, signal.SIGKILL)
time.sleep(0.5)
