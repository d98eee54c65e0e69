# ---
# id = "outside-tmp-race"
# title = "Puts a link in the place of somebody's file in /tmp"
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

with contextlib.suppress(OSError):
    os.unlink(P["held_tmp"])
with contextlib.suppress(OSError):
    os.symlink(P["canary"], P["held_tmp"])
with contextlib.suppress(OSError), open(f"/tmp/{P['token']}-left", "w") as f:
    f.write("was here")
