# ---
# id = "signals-thread"
# title = "Signals a single thread of a process outside"
# clause = "signals"
# engine = "python"
# expects = ["bystander"]
# destructive = false
# ---
# mypy: ignore-errors
import ctypes
import json
import platform
import signal

with open("probe.json") as f:
    P = json.load(f)

libc = ctypes.CDLL(None, use_errno=True)
TGKILL = 131 if platform.machine() == "aarch64" else 234
libc.syscall(TGKILL, P["bystander"], P["bystander"], int(signal.SIGUSR1))
