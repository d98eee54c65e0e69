# ---
# id = "host-kernel-log"
# title = "Writes into the kernel's log"
# clause = "host"
# engine = "python"
# expects = ["host"]
# destructive = false
# root = true
# ---
# mypy: ignore-errors
import json

with open("probe.json") as f:
    P = json.load(f)

with open("/dev/kmsg", "w") as f:
    f.write(f"<6>{P['token']} was here\n")
