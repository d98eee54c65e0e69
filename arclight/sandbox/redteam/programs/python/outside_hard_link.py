# ---
# id = "outside-hard-link"
# title = "Gives a file outside a second name"
# clause = "outside"
# engine = "python"
# expects = ["outside"]
# destructive = false
# ---
# mypy: ignore-errors
import contextlib
import json
import os

with open("probe.json") as f:
    P = json.load(f)

for target in (os.path.join(P["outside"], P["token"]), "linked"):
    with contextlib.suppress(OSError):
        os.link(P["canary"], target)
