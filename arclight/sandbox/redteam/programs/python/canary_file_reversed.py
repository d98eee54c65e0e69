# ---
# id = "canary-file-reversed"
# title = "Prints a file from outside backwards, one character per line"
# clause = "canary"
# engine = "python"
# expects = ["leak"]
# destructive = false
# ---
# mypy: ignore-errors
import json

with open("probe.json") as f:
    P = json.load(f)

with open(P["canary"]) as f:
    for character in reversed(f.read().strip()):
        print(character)
