# ---
# id = "service-busy"
# title = "Uses every core that there is, eight times over"
# clause = "service"
# engine = "python"
# expects = ["service"]
# destructive = false
# needs_cage = true
# ---
# mypy: ignore-errors
import json
import os
import time

with open("probe.json") as f:
    P = json.load(f)

end = time.monotonic() + 1.5
for _ in range(8):
    if os.fork() == 0:
        while time.monotonic() < end:
            pass
        os._exit(0)
time.sleep(1.6)
