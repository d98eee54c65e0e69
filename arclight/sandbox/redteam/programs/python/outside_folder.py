# ---
# id = "outside-folder"
# title = "Writes into a folder that everybody may write to"
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

with open(os.path.join(P["outside"], P["token"]), "w") as f:
    f.write("was here")
