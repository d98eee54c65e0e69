# ---
# id = "control-exception-name"
# title = "Puts control characters into the name of its exception"
# clause = "control"
# engine = "python"
# expects = ["control"]
# destructive = false
# ---
# mypy: ignore-errors
import json

with open("probe.json") as f:
    P = json.load(f)

name = "Error\x1b[31mRed\u202e"
kind = type(name, (Exception,), {"__module__": "mod\x1b[2J"})
raise kind("text")
