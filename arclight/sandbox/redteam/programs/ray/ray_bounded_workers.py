# ---
# id = "ray-bounded-workers"
# title = "Workers that take more memory than the run may have"
# clause = "bounded"
# engine = "ray"
# expects = ["bounded"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import time

import ray

with open("probe.json") as f:
    P = json.load(f)


@ray.remote(num_cpus=0)
def hold():
    kept = b"m" * (P["limits"]["memory"] // 3)
    time.sleep(5)
    return len(kept)


ray.init()
ray.get([hold.remote() for _ in range(6)])
