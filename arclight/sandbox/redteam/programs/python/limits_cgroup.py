# ---
# id = "limits-cgroup"
# title = "Moves itself out of its control group"
# clause = "limits"
# engine = "python"
# expects = ["limits"]
# destructive = false
# root = true
# ---
# mypy: ignore-errors
import contextlib
import ctypes
import glob
import json
import os
import time

with open("probe.json") as f:
    P = json.load(f)

ctypes.CDLL(None).prctl(15, P["sign"].encode())  # PR_SET_NAME
for folder in ("/sys/fs/cgroup", *glob.glob("/sys/fs/cgroup/*")):
    with contextlib.suppress(OSError):
        os.mkdir(f"{folder}/{P['token']}")
        with open(f"{folder}/{P['token']}/cgroup.procs", "w") as f:
            f.write(str(os.getpid()))
time.sleep(1.5)
