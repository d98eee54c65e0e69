# ---
# id = "ray-secrets-error"
# title = "The secret of the process above it in an error on a worker"
# clause = "secrets"
# engine = "ray"
# expects = ["leak"]
# destructive = false
# ---
# mypy: ignore-errors
import json

import ray

with open("probe.json") as f:
    P = json.load(f)


@ray.remote
def fail():
    with open(f"/proc/{P['launcher']}/environ") as f:
        raise ValueError(f.read())


ray.init()
ray.get(fail.remote())
