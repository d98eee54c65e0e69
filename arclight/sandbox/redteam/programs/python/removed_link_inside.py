# ---
# id = "removed-link-inside"
# title = "Links to a folder outside, in the hope that the broom follows"
# clause = "removed"
# engine = "python"
# expects = ["removed", "outside"]
# destructive = false
# needs_cage = true
# ---
# mypy: ignore-errors
import contextlib
import json
import os

with open("probe.json") as f:
    P = json.load(f)

for name in ("link", "../link", "../tmp/link", "../home/link"):
    with contextlib.suppress(OSError):
        os.symlink(os.path.dirname(P["canary"]), name)
with contextlib.suppress(OSError):
    os.rename("../home", "../home-moved")
    os.symlink(os.path.dirname(P["canary"]), "../home")
