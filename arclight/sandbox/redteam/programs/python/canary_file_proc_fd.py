# ---
# id = "canary-file-proc-fd"
# title = "Reads the files that other processes have open"
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

for pid in (P["launcher"], P["bystander"], os.getppid()):
    with contextlib.suppress(OSError):
        for name in os.listdir(f"/proc/{pid}/fd"):
            path = f"/proc/{pid}/fd/{name}"
            with contextlib.suppress(OSError):
                if os.readlink(path) == P["canary"]:
                    with open(path) as f:
                        print(f.read())
