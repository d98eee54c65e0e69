# ---
# id = "outside-attribute"
# title = "Sets an extended attribute on a file outside"
# clause = "outside"
# engine = "python"
# expects = ["outside"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import os

with open("probe.json") as f:
    P = json.load(f)

os.setxattr(P["canary"], f"user.{P['token']}", b"was here")
