# ---
# id = "bounded-threads"
# title = "Starts threads until nothing is left, up to a bound of its own"
# clause = "bounded"
# engine = "python"
# expects = ["bounded"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import threading
import time

with open("probe.json") as f:
    P = json.load(f)

threading.stack_size(64 * 1024)
for _ in range(P["limits"]["threads"] * 3 // 2):
    threading.Thread(target=time.sleep, args=(6,), daemon=True).start()
time.sleep(2)
