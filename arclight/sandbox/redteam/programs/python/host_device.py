# ---
# id = "host-device"
# title = "Makes devices of its own"
# clause = "host"
# engine = "python"
# expects = ["devices"]
# destructive = false
# root = true
# ---
# mypy: ignore-errors
import contextlib
import json
import os
import stat

with open("probe.json") as f:
    P = json.load(f)

with contextlib.suppress(OSError):
    os.mknod("memory", 0o600 | stat.S_IFCHR, os.makedev(1, 1))
with contextlib.suppress(OSError):
    os.mknod("disk", 0o600 | stat.S_IFBLK, os.makedev(254, 0))
