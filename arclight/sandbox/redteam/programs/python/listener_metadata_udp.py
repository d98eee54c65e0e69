# ---
# id = "listener-metadata-udp"
# title = "Opens a datagram socket to the metadata address's name service"
# clause = "listener"
# engine = "python"
# expects = ["contacts"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import socket
import time

with open("probe.json") as f:
    P = json.load(f)

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    s.connect((P["metadata"][0], 53))
    s.send(P["token"].encode())
    time.sleep(1.5)
