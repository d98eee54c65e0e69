# ---
# id = "host-perf"
# title = "Opens a performance counter"
# clause = "host"
# engine = "python"
# expects = ["kernel"]
# destructive = false
# ---
# mypy: ignore-errors
import ctypes
import json
import platform
import time

with open("probe.json") as f:
    P = json.load(f)

ctypes.CDLL(None).prctl(15, P["sign"].encode())  # PR_SET_NAME
PERF = 241 if platform.machine() == "aarch64" else 298
libc = ctypes.CDLL(None, use_errno=True)
SOFTWARE_CLOCK_USER_ONLY = (ctypes.c_uint64 * 16)(1 | 128 << 32, 0, 0, 0, 0, 0b1100001)
libc.syscall(PERF, ctypes.byref(SOFTWARE_CLOCK_USER_ONLY), 0, -1, -1, 0)
time.sleep(1.5)
