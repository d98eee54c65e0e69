# ---
# id = "limits-prlimit-outside"
# title = "Lowers the limits of a process outside"
# clause = "limits"
# engine = "python"
# expects = ["bystander"]
# destructive = false
# ---
# mypy: ignore-errors
import contextlib
import json
import resource

with open("probe.json") as f:
    P = json.load(f)

for name in ("RLIMIT_NOFILE", "RLIMIT_CORE"):
    with contextlib.suppress(OSError):
        resource.prlimit(P["bystander"], getattr(resource, name), (7, 7))
