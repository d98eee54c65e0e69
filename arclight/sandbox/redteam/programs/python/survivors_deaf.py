# ---
# id = "survivors-deaf"
# title = "A child that ignores every signal it can"
# clause = "survivors"
# engine = "python"
# expects = ["survivors"]
# destructive = false
# ---
# mypy: ignore-errors
import contextlib
import json
import os
import signal
import time

with open("probe.json") as f:
    P = json.load(f)

if os.fork() == 0:
    os.setsid()
    for number in signal.valid_signals():
        with contextlib.suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    os.close(1)
    os.close(2)
    time.sleep(90)
time.sleep(0.3)
