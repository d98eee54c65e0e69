# ---
# id = "outside-installation"
# title = "Leaves a module where every Python of the installation looks"
# clause = "outside"
# engine = "python"
# expects = ["outside"]
# destructive = false
# ---
# mypy: ignore-errors
import contextlib
import json
import os
import sysconfig

with open("probe.json") as f:
    P = json.load(f)

for name in ("purelib", "stdlib", "scripts"):
    path = os.path.join(sysconfig.get_path(name), f"{P['token']}.txt")
    with contextlib.suppress(OSError), open(path, "w") as f:
        f.write("was here")
