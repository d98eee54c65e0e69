# ---
# id = "removed-immutable"
# title = "Files that even their owner may not remove"
# clause = "removed"
# engine = "python"
# expects = ["removed"]
# destructive = false
# ---
# mypy: ignore-errors
import array
import contextlib
import fcntl
import json
import os

with open("probe.json") as f:
    P = json.load(f)

SET_FLAGS, IMMUTABLE = 0x40086602, 0x10
for name in ("fixed", "../tmp/fixed"):
    fd = os.open(name, os.O_CREAT | os.O_RDWR)
    with contextlib.suppress(OSError):
        fcntl.ioctl(fd, SET_FLAGS, array.array("l", [IMMUTABLE]))
