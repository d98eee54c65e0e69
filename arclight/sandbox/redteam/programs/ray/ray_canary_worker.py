# ---
# id = "ray-canary-worker"
# title = "A worker reads files and the environment of everything above it"
# clause = "canary"
# engine = "ray"
# expects = ["leak"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import os

import ray

with open("probe.json") as f:
    P = json.load(f)


@ray.remote
def look():
    said = dict(os.environ)
    for path in (P["canary"], f"/proc/{os.getppid()}/environ", f"/proc/{P['launcher']}/environ"):
        try:
            with open(path) as f:
                said[path] = f.read()
        except OSError as error:
            said[path] = str(error)
    return str(said).encode().hex()


ray.init()
print(ray.get(look.remote()))
