# ---
# id = "names-failure-link"
# title = "The failure file is a link to a file outside"
# clause = "names"
# engine = "python"
# expects = ["leak", "refused"]
# destructive = false
# needs_cage = true
# wall = 1.5
# ---
# mypy: ignore-errors
import contextlib
import json
import os

with open("probe.json") as f:
    P = json.load(f)

for name in ("../failure.json", "../failure.json.part"):
    with contextlib.suppress(OSError):
        os.symlink(P["canary"], name)
os._exit(1)
