# ---
# id = "listener-abstract"
# title = "Connects to an abstract Unix socket"
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

with socket.socket(socket.AF_UNIX) as s:
    s.connect("\0" + P["abstract"])
    s.sendall(P["token"].encode())
