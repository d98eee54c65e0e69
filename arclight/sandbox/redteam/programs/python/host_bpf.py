# ---
# id = "host-bpf"
# title = "Makes a map for programs inside the kernel"
# clause = "host"
# engine = "python"
# expects = ["kernel"]
# destructive = false
# root = true
# ---
# mypy: ignore-errors
import ctypes
import json
import platform
import time

with open("probe.json") as f:
    P = json.load(f)

ctypes.CDLL(None).prctl(15, P["sign"].encode())  # PR_SET_NAME
BPF = 280 if platform.machine() == "aarch64" else 321
libc = ctypes.CDLL(None, use_errno=True)
ARRAY = (ctypes.c_uint32 * 32)(2, 4, 8, 1)
libc.syscall(BPF, 0, ctypes.byref(ARRAY), ctypes.sizeof(ARRAY))
time.sleep(1.5)
