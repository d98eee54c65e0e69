# ---
# id = "listener-tcp-other-address"
# title = "Connects to the machine's other address"
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

with socket.create_connection(P["tcp_other"], timeout=2) as s:
    s.sendall(P["token"].encode())
