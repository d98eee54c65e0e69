# ---
# id = "service-kill-group"
# title = "Kills the process group of the launcher"
# clause = "service"
# engine = "python"
# expects = ["service"]
# destructive = true
# ---
# mypy: ignore-errors
import contextlib
import json
import os
import signal

with open("probe.json") as f:
    P = json.load(f)

for pid in (0, P["launcher"]):
    with contextlib.suppress(OSError):
        group = os.getpgid(pid)
        if group != os.getpgrp():
            os.killpg(group, signal.SIGKILL)
