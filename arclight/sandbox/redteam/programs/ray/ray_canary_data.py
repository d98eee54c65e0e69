# ---
# id = "ray-canary-data"
# title = "Reads a file from outside as a data set and hands it over"
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

ray.init()
ray.data.read_text(f"local://{P['canary']}").write_parquet("output")
