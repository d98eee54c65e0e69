# ---
# id = "host-mount"
# title = "Mounts over a folder outside"
# clause = "host"
# engine = "python"
# expects = ["host"]
# destructive = true
# ---
# mypy: ignore-errors
import ctypes
import json

with open("probe.json") as f:
    P = json.load(f)

libc = ctypes.CDLL(None, use_errno=True)
libc.mount(b"none", P["outside"].encode(), b"tmpfs", 0, b"size=1m")
libc.mount(P["canary_folder"].encode(), P["outside"].encode(), None, 4096, None)
