# ---
# id = "removed-mounted"
# title = "Mounts something into its own folder"
# clause = "removed"
# engine = "python"
# expects = ["removed", "outside"]
# destructive = true
# ---
# mypy: ignore-errors
import contextlib
import ctypes
import json
import os

with open("probe.json") as f:
    P = json.load(f)

libc = ctypes.CDLL(None, use_errno=True)
os.mkdir("mounted")
libc.mount(b"none", b"mounted", b"tmpfs", 0, b"size=1m")
libc.mount(b"/", b"mounted", None, 4096, None)
with contextlib.suppress(OSError), open("mounted/file", "w") as f:
    f.write("kept")
