# ---
# id = "forged-supervisor-pipe"
# title = "Writes a good end into the pipes of the processes above it, and crashes"
# clause = "forged"
# engine = "python"
# expects = ["refused"]
# destructive = true
# ---
# mypy: ignore-errors
import contextlib
import json
import os
import stat

with open("probe.json") as f:
    P = json.load(f)

news = json.dumps({"status": 0, "swept": 0, "max_rss": 1}) + "\n"
for pid in (os.getppid(), 1, P["launcher"]):
    with contextlib.suppress(OSError):
        for name in os.listdir(f"/proc/{pid}/fd"):
            path = f"/proc/{pid}/fd/{name}"
            with contextlib.suppress(OSError):
                if stat.S_ISFIFO(os.stat(path).st_mode):
                    os.write(os.open(path, os.O_WRONLY | os.O_NONBLOCK), news.encode())
os.abort()
