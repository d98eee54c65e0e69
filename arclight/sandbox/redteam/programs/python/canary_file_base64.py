# ---
# id = "canary-file-base64"
# title = "Prints a file from outside in base64, in the middle of a word"
# clause = "canary"
# engine = "python"
# expects = ["leak"]
# destructive = false
# ---
# mypy: ignore-errors
import base64
import json

with open("probe.json") as f:
    P = json.load(f)

with open(P["canary"], "rb") as f:
    print("x" + base64.b64encode(b"?" + f.read()).decode())
