# ---
# id = "descriptors-folder"
# title = "Opens what is near a folder that it was given"
# clause = "descriptors"
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

for name in os.listdir("/proc/self/fd"):
    with contextlib.suppress(OSError):
        base = os.path.dirname(os.readlink(f"/proc/self/fd/{name}"))
        for near in os.listdir(base)[:50]:
            with contextlib.suppress(OSError), open(os.path.join(base, near), "rb") as f:
                print(f.read(4096).hex())
