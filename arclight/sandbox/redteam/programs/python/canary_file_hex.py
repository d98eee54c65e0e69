# ---
# id = "canary-file-hex"
# title = "Prints a file from outside in hexadecimal"
# clause = "canary"
# engine = "python"
# expects = ["leak"]
# destructive = false
# ---
# mypy: ignore-errors
import json

with open("probe.json") as f:
    P = json.load(f)

with open(P["canary"], "rb") as f:
    print(f.read().hex().upper())
