# ---
# id = "host-name"
# title = "Renames the machine"
# clause = "host"
# engine = "python"
# expects = ["host"]
# destructive = true
# ---
# mypy: ignore-errors
import contextlib
import ctypes
import json
import socket

with open("probe.json") as f:
    P = json.load(f)

libc = ctypes.CDLL(None, use_errno=True)
with contextlib.suppress(OSError):
    socket.sethostname("arcprobe")
libc.setdomainname(b"arcprobe", 8)
