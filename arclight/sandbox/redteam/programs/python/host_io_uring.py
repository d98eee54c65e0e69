# ---
# id = "host-io-uring"
# title = "Opens a ring through which system calls go unseen"
# clause = "host"
# engine = "python"
# expects = ["kernel"]
# destructive = false
# ---
# mypy: ignore-errors
import ctypes
import json
import time

with open("probe.json") as f:
    P = json.load(f)

ctypes.CDLL(None).prctl(15, P["sign"].encode())  # PR_SET_NAME
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(425, 8, ctypes.byref(ctypes.create_string_buffer(256)))
time.sleep(1.5)
