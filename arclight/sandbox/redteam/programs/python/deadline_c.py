# ---
# id = "deadline-c"
# title = "Hangs in C with every signal blocked"
# clause = "deadline"
# engine = "python"
# expects = ["deadline"]
# destructive = false
# wall = 1.5
# ---
# mypy: ignore-errors
import ctypes
import json
import signal

with open("probe.json") as f:
    P = json.load(f)

signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
libc = ctypes.PyDLL(None)  # Keeps the interpreter's lock: no Python code runs any more.
while True:
    libc.sleep(600)
