# ---
# id = "canary-file-plain"
# title = "Prints a file from outside as it is"
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
    print(f.read())
