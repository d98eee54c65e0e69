# ---
# id = "names-failure-fifo"
# title = "The failure file is a pipe, which nobody ever fills"
# clause = "names"
# engine = "python"
# expects = ["refused", "deadline"]
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
        os.mkfifo(name)
os._exit(1)
