# ---
# id = "forged-every-descriptor"
# title = "Writes a good end to every descriptor, and fails"
# clause = "forged"
# engine = "python"
# expects = ["refused"]
# destructive = false
# needs_cage = true
# ---
# mypy: ignore-errors
import contextlib
import json
import os

with open("probe.json") as f:
    P = json.load(f)

news = (
    json.dumps({"status": 0, "swept": 0, "max_rss": 1, "event": "job_finished", "rows": 9}) + "\n"
)
for fd in range(1, 256):
    with contextlib.suppress(OSError):
        os.write(fd, news.encode())
os._exit(5)
