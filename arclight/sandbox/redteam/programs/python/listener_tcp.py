# ---
# id = "listener-tcp"
# title = "Connects to a port on the loopback address"
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

with socket.create_connection(P["tcp"], timeout=2) as s:
    s.sendall(P["token"].encode())
