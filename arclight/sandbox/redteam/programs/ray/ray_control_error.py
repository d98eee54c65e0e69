# ---
# id = "ray-control-error"
# title = "Control characters in an error on a worker"
# clause = "control"
# engine = "ray"
# expects = ["control"]
# destructive = false
# ---
# mypy: ignore-errors
import json

import ray

with open("probe.json") as f:
    P = json.load(f)


@ray.remote
def fail():
    raise ValueError("bad \x1b[2J\x1b]52;c;cm0=\x07 \u202etxet")


ray.init()
ray.get(fail.remote())
