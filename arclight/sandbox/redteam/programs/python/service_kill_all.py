# ---
# id = "service-kill-all"
# title = "Kills everything that it may kill"
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

signal.signal(signal.SIGTERM, signal.SIG_IGN)
for number in (signal.SIGTERM, signal.SIGKILL):
    with contextlib.suppress(OSError):
        os.kill(-1, number)
time.sleep(0.5)
