# ---
# id = "canary-env-parents"
# title = "Reads the environment of everything above it"
# clause = "canary"
# engine = "python"
# expects = ["leak"]
# destructive = false
# ---
# mypy: ignore-errors
import base64
import contextlib
import json
import os

with open("probe.json") as f:
    P = json.load(f)

pid = os.getpid()
with contextlib.suppress(OSError):
    while pid > 1:
        with open(f"/proc/{pid}/stat") as f:
            pid = int(f.read().rsplit(")", 1)[1].split()[1])
        with contextlib.suppress(OSError), open(f"/proc/{pid}/environ", "rb") as f:
            print(base64.b64encode(f.read()).decode())
