# ---
# id = "service-spin"
# title = "Six hundred threads that compute without a pause, until somebody ends them"
# clause = "service"
# engine = "python"
# expects = ["service", "deadline"]
# destructive = true
# wall = 6
# ---
# mypy: ignore-errors
import hashlib
import json
import threading
import time

with open("probe.json") as f:
    P = json.load(f)

END = time.monotonic() + 40
everybody = threading.Event()


def spin():
    everybody.wait()
    while time.monotonic() < END:
        # Without the interpreter's lock: every one of them wants a core.
        hashlib.pbkdf2_hmac("sha256", b"x", b"y", 200_000)


threading.stack_size(64 * 1024)
for _ in range(600):
    threading.Thread(target=spin, daemon=True).start()
everybody.set()
time.sleep(40)
