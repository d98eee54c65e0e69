# ---
# id = "canary-file-relative"
# title = "Climbs out of the folder step by step"
# clause = "canary"
# engine = "python"
# expects = ["leak"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import os

with open("probe.json") as f:
    P = json.load(f)

here = os.getcwd()
climb = "../" * here.count("/")
with open(climb + P["canary"].lstrip("/")) as f:
    print(f.read())
