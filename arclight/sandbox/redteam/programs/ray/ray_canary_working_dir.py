# ---
# id = "ray-canary-working-dir"
# title = "Ships a folder from outside to its workers"
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
    return {
        name: open(name, errors="replace").read() for name in os.listdir() if os.path.isfile(name)
    }


ray.init(runtime_env={"working_dir": P["canary_folder"]})
print(ray.get(look.remote(), timeout=20))
