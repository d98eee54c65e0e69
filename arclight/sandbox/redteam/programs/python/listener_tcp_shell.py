# ---
# id = "listener-tcp-shell"
# title = "Lets bash connect"
# clause = "listener"
# engine = "python"
# expects = ["listener"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import shutil
import subprocess

with open("probe.json") as f:
    P = json.load(f)

host, port = P["tcp"]
shell = shutil.which("bash") or "/bin/bash"
subprocess.run([shell, "-c", f"echo {P['token']} > /dev/tcp/{host}/{port}"], timeout=5)
