# ---
# id = "outside-rename"
# title = "Moves a file outside to another name"
# clause = "outside"
# engine = "python"
# expects = ["outside"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import os

with open("probe.json") as f:
    P = json.load(f)

os.rename(P["canary"], P["canary"] + ".gone")
