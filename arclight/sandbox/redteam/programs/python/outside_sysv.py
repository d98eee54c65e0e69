# ---
# id = "outside-sysv"
# title = "Leaves a System V shared memory segment behind"
# clause = "outside"
# engine = "python"
# expects = ["outside"]
# destructive = false
# ---
# mypy: ignore-errors
import ctypes
import json

with open("probe.json") as f:
    P = json.load(f)

libc = ctypes.CDLL(None, use_errno=True)
CREATE_FOR_ALL = 0o1666
libc.shmget(P["sysv_key"], 4096, CREATE_FOR_ALL)
