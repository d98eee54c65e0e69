# ---
# id = "ray-service-kill-raylet"
# title = "Kills the processes of its own engine and of every other it can find"
# clause = "service"
# engine = "ray"
# expects = ["service"]
# destructive = true
# ---
# mypy: ignore-errors
import contextlib
import json
import os
import signal

import ray

with open("probe.json") as f:
    P = json.load(f)

ray.init()
for name in filter(str.isdigit, os.listdir("/proc")):
    with contextlib.suppress(OSError), open(f"/proc/{name}/cmdline", "rb") as f:
        command = f.read()
        if b"raylet" in command or b"gcs_server" in command:
            os.kill(int(name), signal.SIGKILL)
