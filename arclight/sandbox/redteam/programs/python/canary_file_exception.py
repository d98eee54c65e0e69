# ---
# id = "canary-file-exception"
# title = "Puts a file from outside into the text of its exception"
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
    raise ValueError(f"could not convert string to float: '{f.read().strip()}'")
