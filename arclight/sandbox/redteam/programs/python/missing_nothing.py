# ---
# id = "missing-nothing"
# title = "Ends well and leaves nothing"
# clause = "missing"
# engine = "python"
# expects = ["refused"]
# destructive = false
# needs_cage = true
# ---
# mypy: ignore-errors
import json
import os

with open("probe.json") as f:
    P = json.load(f)

os._exit(0)
