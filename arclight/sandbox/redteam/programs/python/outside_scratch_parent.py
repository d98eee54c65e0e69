# ---
# id = "outside-scratch-parent"
# title = "Leaves a file beside its own folder"
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

for folder in (P["parent"], "..", "../.."):
    with contextlib.suppress(OSError), open(os.path.join(folder, P["token"]), "w") as f:
        f.write("was here")
