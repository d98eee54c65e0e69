# ---
# id = "listener-udp"
# title = "Sends a datagram to the loopback address"
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

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    s.sendto(P["token"].encode(), tuple(P["udp"]))
