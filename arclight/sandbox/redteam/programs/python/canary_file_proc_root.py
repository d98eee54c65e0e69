# ---
# id = "canary-file-proc-root"
# title = "Reads a file from outside through the root of another process"
# clause = "canary"
# engine = "python"
# expects = ["leak"]
# destructive = false
# ---
# mypy: ignore-errors
import contextlib
import json

with open("probe.json") as f:
    P = json.load(f)

for pid in ("1", str(P["launcher"]), str(P["bystander"]), "thread-self"):
    with contextlib.suppress(OSError), open(f"/proc/{pid}/root{P['canary']}") as f:
        print(f.read())
