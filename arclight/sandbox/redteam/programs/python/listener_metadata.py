# ---
# id = "listener-metadata"
# title = "Asks the cloud's metadata address for credentials"
# clause = "listener"
# engine = "python"
# expects = ["contacts"]
# destructive = false
# ---
# mypy: ignore-errors
import contextlib
import json
import socket
import time

with open("probe.json") as f:
    P = json.load(f)

with socket.socket() as s:
    s.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        s.connect(tuple(P["metadata"]))
    # Long enough for somebody outside to see the open connection.
    time.sleep(1.5)
