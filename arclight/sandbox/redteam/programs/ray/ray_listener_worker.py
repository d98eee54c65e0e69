# ---
# id = "ray-listener-worker"
# title = "A worker connects and sends datagrams"
# clause = "listener"
# engine = "ray"
# expects = ["listener"]
# destructive = false
# ---
# mypy: ignore-errors
import contextlib
import json
import socket

import ray

with open("probe.json") as f:
    P = json.load(f)


@ray.remote
def call():
    for address in (P["tcp"], P["tcp_other"]):
        with contextlib.suppress(OSError):
            socket.create_connection(address, timeout=2).close()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.sendto(P["token"].encode(), tuple(P["udp"]))


ray.init()
ray.get(call.remote())
