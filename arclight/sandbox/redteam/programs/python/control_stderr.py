# ---
# id = "control-stderr"
# title = "Puts a command into the reader's clipboard"
# clause = "control"
# engine = "python"
# expects = ["control"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import sys

with open("probe.json") as f:
    P = json.load(f)

sys.stderr.write("\x1b]52;c;cm0gLXJmIH4K\x07\x9b31m\x90q\x9c\n")
