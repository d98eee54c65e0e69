# ---
# id = "deadline-children"
# title = "Parent and child start each other again whenever one is ended"
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
import time

with open("probe.json") as f:
    P = json.load(f)

signal.signal(signal.SIGTERM, signal.SIG_IGN)
end = time.monotonic() + 60
while time.monotonic() < end and not os.path.exists(P["stop"]):
    child = os.fork()
    if child:
        os.waitpid(child, 0)
    else:
        time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGKILL)
