# ---
# id = "host-userfaultfd"
# title = "Opens a descriptor that stops the kernel at a page fault"
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
USERFAULTFD = 282 if platform.machine() == "aarch64" else 323
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(USERFAULTFD, 1)  # User mode only: allowed to everybody where nothing forbids it.
time.sleep(1.5)
