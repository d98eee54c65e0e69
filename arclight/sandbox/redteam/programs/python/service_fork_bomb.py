# ---
# id = "service-fork-bomb"
# title = "Forks until nothing is left, up to a bound of its own"
# clause = "service"
# engine = "python"
# expects = ["bounded", "service"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import os
import time

with open("probe.json") as f:
    P = json.load(f)

made = 0
while made < 2 * P["limits"]["processes"]:
    try:
        if os.fork() == 0:
            time.sleep(20)
            os._exit(0)
    except OSError:
        time.sleep(0.01)
    made += 1
time.sleep(2)
