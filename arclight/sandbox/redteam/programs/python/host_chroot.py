# ---
# id = "host-chroot"
# title = "Gives itself another root folder"
# clause = "host"
# engine = "python"
# expects = ["namespaces"]
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
time.sleep(0.4)
with contextlib.suppress(OSError):
    os.chroot(".")
time.sleep(1.5)
