# ---
# id = "listener-unix-path"
# title = "Connects to a Unix socket with a name in the file system"
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
    s.connect(P["unix"])
    s.sendall(P["token"].encode())
