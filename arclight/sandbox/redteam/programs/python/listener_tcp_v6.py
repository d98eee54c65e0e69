# ---
# id = "listener-tcp-v6"
# title = "Connects by IPv6, also to an IPv4 address that hides in it"
# clause = "listener"
# engine = "python"
# expects = ["listener"]
# destructive = false
# ---
# mypy: ignore-errors
import contextlib
import json
import socket

with open("probe.json") as f:
    P = json.load(f)

for address in (P["tcp_v6"], [f"::ffff:{P['tcp'][0]}", P["tcp"][1]]):
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as s:
        s.settimeout(2)
        s.connect(tuple(address))
        s.sendall(P["token"].encode())
