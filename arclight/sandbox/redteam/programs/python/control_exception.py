# ---
# id = "control-exception"
# title = "Puts control characters into the text of its exception"
# clause = "control"
# engine = "python"
# expects = ["control"]
# destructive = false
# ---
# mypy: ignore-errors
import json

with open("probe.json") as f:
    P = json.load(f)

raise ValueError("bad value \x1b[2J\x1b]52;c;cm0=\x07 \u202etxet\u202c \x9b1m end")
