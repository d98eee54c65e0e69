# ---
# id = "outside-mode"
# title = "Changes rights and times of a file outside"
# clause = "outside"
# engine = "python"
# expects = ["outside"]
# destructive = false
# ---
# mypy: ignore-errors
import contextlib
import json
import os

with open("probe.json") as f:
    P = json.load(f)

with contextlib.suppress(OSError):
    os.chmod(P["canary"], 0o777)
with contextlib.suppress(OSError):
    os.utime(P["canary"], (1, 1))
