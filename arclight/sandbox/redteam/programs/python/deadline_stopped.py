# ---
# id = "deadline-stopped"
# title = "Stops itself, so that a polite signal waits for ever"
# clause = "deadline"
# engine = "python"
# expects = ["deadline"]
# destructive = false
# wall = 1.5
# ---
# mypy: ignore-errors
import json
import os
import signal

with open("probe.json") as f:
    P = json.load(f)

signal.signal(signal.SIGTERM, signal.SIG_IGN)
while True:
    os.kill(os.getpid(), signal.SIGSTOP)
