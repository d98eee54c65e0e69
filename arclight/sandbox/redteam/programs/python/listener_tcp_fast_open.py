# ---
# id = "listener-tcp-fast-open"
# title = "Sends with the first packet, without connect"
# clause = "listener"
# engine = "python"
# expects = ["listener"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import socket

with open("probe.json") as f:
    P = json.load(f)

FAST_OPEN = 0x20000000
with socket.socket() as s:
    s.sendto(P["token"].encode(), FAST_OPEN, tuple(P["tcp"]))
