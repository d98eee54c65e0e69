# ---
# id = "outside-shared-memory"
# title = "Leaves and changes files in shared memory"
# clause = "outside"
# engine = "python"
# expects = ["outside"]
# destructive = false
# ---
# mypy: ignore-errors
import contextlib
import json

with open("probe.json") as f:
    P = json.load(f)

with contextlib.suppress(OSError), open(f"/dev/shm/{P['token']}-left", "w") as f:
    f.write("was here")
with contextlib.suppress(OSError), open(P["held_shm"], "r+") as f:
    f.write("disturbed")
