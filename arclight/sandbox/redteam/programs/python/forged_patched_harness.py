# ---
# id = "forged-patched-harness"
# title = "Changes the code around it so that a failure looks like an answer"
# clause = "forged"
# engine = "python"
# expects = ["refused"]
# destructive = false
# needs_cage = true
# ---
# mypy: ignore-errors
import gc
import json
import os
import sys
import types

with open("probe.json") as f:
    P = json.load(f)

for module in [m for m in gc.get_objects() if isinstance(m, types.ModuleType)]:
    for name in ("_report", "describe", "report", "finish", "send"):
        if callable(vars(module).get(name)) and module.__name__.startswith(("_", "member")):
            vars(module)[name] = lambda *_, **__: os._exit(0)
sys.exit = os._exit
sys.stdout.flush()
raise SystemError("forged")
