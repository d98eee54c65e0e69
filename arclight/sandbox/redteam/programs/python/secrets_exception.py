# ---
# id = "secrets-exception"
# title = "The secret of the process above it, in the text of an exception"
# clause = "secrets"
# engine = "python"
# expects = ["leak"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import os

with open("probe.json") as f:
    P = json.load(f)

found = ""
for pid in (os.getppid(), P["launcher"], "self"):
    try:
        with open(f"/proc/{pid}/environ") as f:
            found += f.read()
    except OSError as error:
        found += str(error)
raise RuntimeError(f"cannot log in with {found}")
