# ---
# id = "limits-setrlimit"
# title = "Raises its own limits"
# clause = "limits"
# engine = "python"
# expects = ["limits"]
# destructive = false
# ---
# mypy: ignore-errors
import contextlib
import ctypes
import json
import resource
import time

with open("probe.json") as f:
    P = json.load(f)

ctypes.CDLL(None).prctl(15, P["sign"].encode())  # PR_SET_NAME
for name in ("RLIMIT_NOFILE", "RLIMIT_FSIZE", "RLIMIT_CORE", "RLIMIT_NPROC", "RLIMIT_MEMLOCK"):
    number = getattr(resource, name)
    for value in ((resource.RLIM_INFINITY,) * 2, (1 << 20, 1 << 20)):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(number, value)
time.sleep(1.5)
