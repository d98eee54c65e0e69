# ---
# id = "survivors-nohup"
# title = "A shell in the background that no hang-up ends"
# clause = "survivors"
# engine = "python"
# expects = ["survivors"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import subprocess

with open("probe.json") as f:
    P = json.load(f)

command = f"nohup setsid sh -c ': {P['token']}; sleep 90' >/dev/null 2>&1 &"
subprocess.run(["/bin/sh", "-c", command])
