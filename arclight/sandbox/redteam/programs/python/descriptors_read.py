# ---
# id = "descriptors-read"
# title = "Reads from every descriptor that it was given"
# clause = "descriptors"
# engine = "python"
# expects = ["leak"]
# destructive = false
# ---
# mypy: ignore-errors
import contextlib
import json
import os

with open("probe.json") as f:
    P = json.load(f)

for fd in range(3, 1024):
    with contextlib.suppress(OSError):
        os.set_blocking(fd, False)
    with contextlib.suppress(OSError):
        print(fd, os.pread(fd, 4096, 0).hex())
    with contextlib.suppress(OSError):
        print(fd, os.read(fd, 4096).hex())
