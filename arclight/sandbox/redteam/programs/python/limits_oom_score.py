# ---
# id = "limits-oom-score"
# title = "Asks the kernel to spare it when memory runs out"
# clause = "limits"
# engine = "python"
# expects = ["limits"]
# destructive = false
# ---
# mypy: ignore-errors
import contextlib
import ctypes
import json
import time

with open("probe.json") as f:
    P = json.load(f)

ctypes.CDLL(None).prctl(15, P["sign"].encode())  # PR_SET_NAME
for score in (-1000, -1, 0):
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as f:
        f.write(str(score))
time.sleep(1.5)
