# ---
# id = "survivors-clean-environment"
# title = "A daemon without a trace of the run in its environment"
# clause = "survivors"
# engine = "python"
# expects = ["survivors"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import os
import time

with open("probe.json") as f:
    P = json.load(f)

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        nothing = os.open(os.devnull, os.O_RDWR)
        for fd in range(3):
            os.dup2(nothing, fd)
        os.execve("/bin/sh", ["sh", "-c", f": {P['token']}; sleep 90"], {})
    os._exit(0)
time.sleep(0.3)
