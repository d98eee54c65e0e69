# ---
# id = "listener-udp-other-address"
# title = "Sends something like a name query to the machine's other address"
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

query = b"\xaa\xaa\x01\x00\x00\x01\0\0\0\0\0\0" + bytes([len(P["token"])]) + P["token"].encode()
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    s.connect(tuple(P["udp_other"]))
    s.send(query + b"\0\0\x10\0\x01")
