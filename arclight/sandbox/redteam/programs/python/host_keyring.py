# ---
# id = "host-keyring"
# title = "Leaves a key in the kernel's key ring of its user"
# clause = "host"
# engine = "python"
# expects = ["host"]
# destructive = false
# ---
# mypy: ignore-errors
import ctypes
import json
import platform

with open("probe.json") as f:
    P = json.load(f)

ADD_KEY = 217 if platform.machine() == "aarch64" else 248
libc = ctypes.CDLL(None, use_errno=True)
for ring in (-4, -5, -3):  # user, user session, session
    libc.syscall(ADD_KEY, b"user", P["token"].encode(), b"was here", 8, ring)
