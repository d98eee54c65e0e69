# ---
# id = "host-clock"
# title = "Sets the clock of the machine an hour ahead"
# clause = "host"
# engine = "python"
# expects = ["host"]
# destructive = true
# ---
# mypy: ignore-errors
import json
import time

with open("probe.json") as f:
    P = json.load(f)

time.clock_settime(time.CLOCK_REALTIME, time.time() + 3600)
