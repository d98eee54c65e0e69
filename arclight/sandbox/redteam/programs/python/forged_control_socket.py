# ---
# id = "forged-control-socket"
# title = "Tells the launcher over descriptor 3 that all went well, and fails"
# clause = "forged"
# engine = "python"
# expects = ["refused"]
# destructive = false
# needs_cage = true
# ---
# mypy: ignore-errors
import contextlib
import json
import os

with open("probe.json") as f:
    P = json.load(f)

for news in ({"status": 0, "swept": 0, "max_rss": 1}, {"ended": 0}, {"exit": 0}, {"done": True}):
    with contextlib.suppress(OSError):
        os.write(3, json.dumps(news).encode() + b"\n")
os._exit(3)
