# ---
# id = "host-namespace"
# title = "Makes a user namespace of its own, where it is root"
# clause = "host"
# engine = "python"
# expects = ["namespaces"]
# destructive = false
# ---
# mypy: ignore-errors
import ctypes
import json
import time

with open("probe.json") as f:
    P = json.load(f)

ctypes.CDLL(None).prctl(15, P["sign"].encode())  # PR_SET_NAME
time.sleep(0.4)
NEW_USER, NEW_NET = 0x10000000, 0x40000000
libc = ctypes.CDLL(None, use_errno=True)
libc.unshare(NEW_USER | NEW_NET)
libc.unshare(NEW_USER)
time.sleep(1.5)
