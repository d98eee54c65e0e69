# ---
# id = "canary-file-child"
# title = "Lets a shell read what it may not"
# clause = "canary"
# engine = "python"
# expects = ["leak"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import subprocess

with open("probe.json") as f:
    P = json.load(f)

print(subprocess.run(["/bin/sh", "-c", f"cat '{P['canary']}' | rev"], capture_output=True).stdout)
