# ---
# id = "missing-empty-folder"
# title = "Makes the declared folder and leaves it empty"
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

os.makedirs("output/_temporary/0")
