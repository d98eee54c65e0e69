# ---
# id = "outside-home"
# title = "Leaves a file in the home of the service"
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

with open(os.path.join(P["home"], P["token"]), "w") as f:
    f.write("was here")
