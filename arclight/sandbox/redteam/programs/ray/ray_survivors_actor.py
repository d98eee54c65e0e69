# ---
# id = "ray-survivors-actor"
# title = "Leaves a detached actor behind"
# clause = "survivors"
# engine = "ray"
# expects = ["survivors"]
# destructive = false
# needs_cage = true
# ---
# mypy: ignore-errors
import json
import time

import ray

with open("probe.json") as f:
    P = json.load(f)


@ray.remote
class Stayer:
    def work(self):
        time.sleep(90)


ray.init()
actor = Stayer.options(name=P["token"], lifetime="detached").remote()
actor.work.remote()
time.sleep(1)
