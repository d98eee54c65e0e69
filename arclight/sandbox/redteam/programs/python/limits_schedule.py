# ---
# id = "limits-schedule"
# title = "Takes a better place in the queue for the processor"
# clause = "limits"
# engine = "python"
# expects = ["limits"]
# destructive = false
# root = true
# ---
# mypy: ignore-errors
import contextlib
import ctypes
import json
import os
import time

with open("probe.json") as f:
    P = json.load(f)

ctypes.CDLL(None).prctl(15, P["sign"].encode())  # PR_SET_NAME
with contextlib.suppress(OSError):
    os.nice(-10)
with contextlib.suppress(OSError):
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))
time.sleep(1.5)
