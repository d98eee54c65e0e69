# ---
# id = "deadline-regex"
# title = "A regular expression that never ends"
# clause = "deadline"
# engine = "python"
# expects = ["deadline"]
# destructive = false
# wall = 1.5
# ---
# mypy: ignore-errors
import json
import re

with open("probe.json") as f:
    P = json.load(f)

re.match(r"(a+)+$", "a" * 64 + "b")
