# ---
# id = "service-spin-sessions"
# title = "Forty sessions of fifteen threads that compute: a scheduler that shares out by session loses"
# clause = "service"
# engine = "python"
# expects = ["service", "deadline"]
# destructive = true
# wall = 6
# ---
# mypy: ignore-errors
import hashlib
import json
import os
import threading
import time

with open("probe.json") as f:
    P = json.load(f)

END = time.monotonic() + 40


def spin():
    while time.monotonic() < END:
        # Without the interpreter's lock: every one of them wants a core.
        hashlib.pbkdf2_hmac("sha256", b"x", b"y", 200_000)


threading.stack_size(64 * 1024)
for _ in range(40):
    if os.fork() == 0:
        os.setsid()
        for _ in range(15):
            threading.Thread(target=spin, daemon=True).start()
        time.sleep(max(0.0, END - time.monotonic()))
        os._exit(0)
time.sleep(40)
