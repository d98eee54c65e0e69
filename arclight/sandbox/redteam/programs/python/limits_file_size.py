# ---
# id = "limits-file-size"
# title = "Raises the limit of one file, then writes a larger one"
# clause = "limits"
# engine = "python"
# expects = ["bounded"]
# destructive = false
# ---
# mypy: ignore-errors
import contextlib
import json
import resource

with open("probe.json") as f:
    P = json.load(f)

most = 2 * max(P["limits"]["bytes"], P["limits"]["memory"])
with contextlib.suppress(OSError, ValueError):
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
with open("large", "wb") as f:
    f.truncate(most)
    f.seek(most - 1)
    f.write(b"x")
