# ---
# id = "forged-good-end"
# title = "An exception that is turned into a good end"
# clause = "forged"
# engine = "python"
# expects = ["refused"]
# destructive = false
# needs_cage = true
# ---
# mypy: ignore-errors
import json
import os
import sys

with open("probe.json") as f:
    P = json.load(f)

sys.excepthook = lambda *_: os._exit(0)
raise RuntimeError("nobody shall see this")
