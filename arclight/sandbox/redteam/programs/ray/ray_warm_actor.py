# ---
# id = "ray-warm-actor"
# title = "Leaves a named actor and a key in the engine's own store behind"
# clause = "warm"
# engine = "ray"
# expects = ["left"]
# destructive = false
# needs_cage = true
# ---
# mypy: ignore-errors
import json

from ray.experimental.internal_kv import _internal_kv_put

import ray

with open("probe.json") as f:
    P = json.load(f)


@ray.remote(num_cpus=0)
class Stayer:
    def name(self):
        return P["token"]


ray.init()
Stayer.options(name=P["token"], lifetime="detached", namespace="probes").remote()
_internal_kv_put(P["token"].encode(), b"was here")
