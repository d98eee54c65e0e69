# ---
# id = "ray-canary-executable"
# title = "Has its workers started by a shell that prints a file from outside"
# clause = "canary"
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
def nothing():
    return 1


command = f"sh -c 'cat {P['canary']} 1>&2; env 1>&2; exec python \"$@\"' --"
ray.init(runtime_env={"py_executable": command})
ray.get(nothing.remote(), timeout=20)
