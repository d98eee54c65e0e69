# ---
# id = "ray-bounded-object-store"
# title = "Fills the object store and what it spills to"
# clause = "bounded"
# engine = "ray"
# expects = ["bounded"]
# destructive = false
# ---
# mypy: ignore-errors
import json

import numpy as np

import ray

with open("probe.json") as f:
    P = json.load(f)

ray.init()
held = []
for number in range(3 * P["limits"]["memory"] // 2 // (16 << 20)):
    held.append(ray.put(np.full(16 << 20, number % 250, dtype=np.uint8)))
