# ---
# id = "signals-kill"
# title = "Kills a process outside"
# clause = "signals"
# engine = "python"
# expects = ["bystander"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import os
import signal

with open("probe.json") as f:
    P = json.load(f)

os.kill(P["bystander"], signal.SIGKILL)
