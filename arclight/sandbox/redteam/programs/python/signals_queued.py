# ---
# id = "signals-queued"
# title = "Sends a process outside a queued signal with a value"
# clause = "signals"
# engine = "python"
# expects = ["bystander"]
# destructive = false
# ---
# mypy: ignore-errors
import ctypes
import json
import signal

with open("probe.json") as f:
    P = json.load(f)

libc = ctypes.CDLL(None, use_errno=True)
libc.sigqueue(P["bystander"], int(signal.SIGUSR2), ctypes.c_void_p(7))
