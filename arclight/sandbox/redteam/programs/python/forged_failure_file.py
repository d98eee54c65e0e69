# ---
# id = "forged-failure-file"
# title = "Writes the failure file itself and ends well without an answer"
# clause = "forged"
# engine = "python"
# expects = ["refused"]
# destructive = false
# needs_cage = true
# ---
# mypy: ignore-errors
import contextlib
import json
import os

with open("probe.json") as f:
    P = json.load(f)

said = {"class": "KeyError", "message": "forged", "status": "succeeded", "rows": 1000}
for path in ("../failure.json", "failure.json", "../result.json", "output.json"):
    with contextlib.suppress(OSError), open(path, "w") as f:
        json.dump(said, f)
os._exit(0)
