# ---
# id = "deadline-deaf"
# title = "Ignores every signal and sleeps"
# clause = "deadline"
# engine = "python"
# expects = ["deadline"]
# destructive = false
# wall = 1.5
# ---
# mypy: ignore-errors
import contextlib
import json
import signal
import time

with open("probe.json") as f:
    P = json.load(f)

for number in signal.valid_signals():
    with contextlib.suppress(OSError, ValueError):
        signal.signal(number, signal.SIG_IGN)
while True:
    time.sleep(600)
