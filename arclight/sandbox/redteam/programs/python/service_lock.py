# ---
# id = "service-lock"
# title = "Takes the locks that others wait for"
# clause = "service"
# engine = "python"
# expects = ["service"]
# destructive = false
# needs_cage = true
# ---
# mypy: ignore-errors
import contextlib
import fcntl
import json
import os
import time

with open("probe.json") as f:
    P = json.load(f)

held = []
for path in (P["lock"], P["parent"], P["canary"]):
    with contextlib.suppress(OSError):
        held.append(os.open(path, os.O_RDONLY))
        fcntl.flock(held[-1], fcntl.LOCK_EX | fcntl.LOCK_NB)
time.sleep(1.2)
