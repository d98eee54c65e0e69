# ---
# id = "forged-printed-status"
# title = "Prints that it succeeded, and fails"
# clause = "forged"
# engine = "python"
# expects = ["refused"]
# destructive = false
# needs_cage = true
# ---
# mypy: ignore-errors
import json
import sys

with open("probe.json") as f:
    P = json.load(f)

print(json.dumps({"type": "JobFinished", "state": "succeeded", "total_rows": 42}))
print("event: succeeded\ndata: {}\n", flush=True)
sys.exit(4)
