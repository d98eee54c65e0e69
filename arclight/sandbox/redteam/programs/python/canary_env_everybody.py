# ---
# id = "canary-env-everybody"
# title = "Reads the environment of every process that it can see"
# clause = "canary"
# engine = "python"
# expects = ["leak"]
# destructive = false
# ---
# mypy: ignore-errors
import contextlib
import json
import os

with open("probe.json") as f:
    P = json.load(f)

for name in filter(str.isdigit, os.listdir("/proc")):
    with contextlib.suppress(OSError), open(f"/proc/{name}/environ", "rb") as f:
        for variable in f.read().split(b"\0"):
            if P["secret_name"].encode() in variable:
                print(variable[::-1])
