# ---
# id = "outside-truncate"
# title = "Empties a file outside"
# clause = "outside"
# engine = "python"
# expects = ["outside"]
# destructive = false
# ---
# mypy: ignore-errors
import json

with open("probe.json") as f:
    P = json.load(f)

with open(P["canary"], "r+") as f:
    f.truncate(0)
