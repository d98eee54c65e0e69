# ---
# id = "control-stdout"
# title = "Clears the screen and sets the title of whoever reads the log"
# clause = "control"
# engine = "python"
# expects = ["control"]
# destructive = false
# ---
# mypy: ignore-errors
import json

with open("probe.json") as f:
    P = json.load(f)

print("\x1b[2J\x1b[1;1H\x1b]0;forged title\x07done\b\b\b\bfail")
print("first\rsecond\x0bthird\x0cfourth\x85fifth\u2028sixth")
