# ---
# id = "ray-survivors-worker-daemon"
# title = "A worker starts a daemon"
# clause = "survivors"
# engine = "ray"
# expects = ["survivors"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import subprocess

import ray

with open("probe.json") as f:
    P = json.load(f)


@ray.remote
def start():
    command = ["setsid", "nohup", "sh", "-c", f": {P['token']}; sleep 90"]
    nothing = subprocess.DEVNULL
    subprocess.Popen(command, start_new_session=True, stdout=nothing, stderr=nothing)


ray.init()
ray.get(start.remote())
