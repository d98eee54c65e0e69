# ---
# id = "ray-listener-address"
# title = "Joins a cluster elsewhere"
# clause = "listener"
# engine = "ray"
# expects = ["listener"]
# destructive = false
# ---
# mypy: ignore-errors
import json

import ray

with open("probe.json") as f:
    P = json.load(f)

host, port = P["tcp"]
try:
    ray.init(address=f"{host}:{port}")
except Exception as error:
    print(type(error))
