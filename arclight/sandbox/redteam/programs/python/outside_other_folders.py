# ---
# id = "outside-other-folders"
# title = "Writes into the folders of other runs"
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

for name in os.listdir(P["parent"]):
    for below in ("", "work", "program", "tmp"):
        folder = os.path.join(P["parent"], name, below)
        if os.path.realpath(folder) in os.path.realpath("."):
            continue
        with contextlib.suppress(OSError), open(os.path.join(folder, P["token"]), "w") as f:
            f.write("was here")
