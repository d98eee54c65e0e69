# ---
# id = "ray-outside-worker"
# title = "A worker writes outside"
# clause = "outside"
# engine = "ray"
# expects = ["outside"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import os

import ray

with open("probe.json") as f:
    P = json.load(f)


@ray.remote
def write():
    with open(os.path.join(P["outside"], P["token"]), "w") as f:
        f.write("was here")


ray.init()
ray.get(write.remote())
