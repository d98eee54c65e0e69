# ---
# id = "signals-descriptor"
# title = "Signals a process outside through a descriptor of it"
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

signal.pidfd_send_signal(os.pidfd_open(P["bystander"]), signal.SIGUSR1)
