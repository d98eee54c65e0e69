# ---
# id = "service-proc-mem"
# title = "Writes into /proc/PID/mem of a process outside"
# clause = "service"
# engine = "python"
# expects = ["bystander"]
# destructive = false
# ---
# mypy: ignore-errors
import json

with open("probe.json") as f:
    P = json.load(f)

with open(f"/proc/{P['bystander']}/mem", "r+b", buffering=0) as memory:
    memory.seek(P["bystander_buffer"])
    memory.write(b"DISTURBED")
