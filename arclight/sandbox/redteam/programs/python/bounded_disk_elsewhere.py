# ---
# id = "bounded-disk-elsewhere"
# title = "Fills temporary folders and shared memory"
# clause = "bounded"
# engine = "python"
# expects = ["bounded"]
# destructive = false
# ---
# mypy: ignore-errors
import contextlib
import json
import os
import tempfile

with open("probe.json") as f:
    P = json.load(f)

block = os.urandom(1 << 20)
for folder in (tempfile.gettempdir(), "/dev/shm", "/tmp", "/var/tmp", os.path.expanduser("~")):
    with contextlib.suppress(OSError), open(f"{folder}/{P['token']}-fill", "wb") as f:
        for _ in range(2 * P["limits"]["bytes"] // (1 << 20)):
            f.write(block)
