# ---
# id = "outside-service-source"
# title = "Leaves a file in the source of the service"
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

for folder in P["sources"]:
    path = os.path.join(folder, f"{P['token']}.txt")
    with contextlib.suppress(OSError), open(path, "w") as f:
        f.write("was here")
