# ---
# id = "service-ptrace"
# title = "Attaches to a process outside as a debugger"
# clause = "service"
# engine = "python"
# expects = ["bystander"]
# destructive = false
# ---
# mypy: ignore-errors
import ctypes
import json
import time

with open("probe.json") as f:
    P = json.load(f)

libc = ctypes.CDLL(None, use_errno=True)
SEIZE, INTERRUPT = 0x4206, 0x4207
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
if libc.ptrace(SEIZE, P["bystander"], None, None) == 0:
    libc.ptrace(INTERRUPT, P["bystander"], None, None)
    time.sleep(1.5)
