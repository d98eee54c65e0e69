# ---
# id = "names-work-link"
# title = "Moves its folder away and puts a link to one outside in its place"
# clause = "names"
# engine = "python"
# expects = ["leak", "refused", "outside"]
# destructive = false
# ---
# mypy: ignore-errors
import contextlib
import json
import os

with open("probe.json") as f:
    P = json.load(f)

here = os.getcwd()
outside = os.path.dirname(os.path.dirname(P["canary_table"]))
for path in (here, os.path.dirname(here)):
    with contextlib.suppress(OSError):
        os.rename(path, path + "-moved")
        os.symlink(outside, path)
