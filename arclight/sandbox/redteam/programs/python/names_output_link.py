# ---
# id = "names-output-link"
# title = "The folder of the answer is a link to a folder outside"
# clause = "names"
# engine = "python"
# expects = ["leak", "refused"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import os

with open("probe.json") as f:
    P = json.load(f)

os.symlink(os.path.dirname(P["canary_table"]), "output")
