# ---
# id = "ray-listener-pip"
# title = "Has packages installed from an index elsewhere"
# clause = "listener"
# engine = "ray"
# expects = ["listener"]
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


host, port = P["tcp"]
options = ["--index-url", f"http://{host}:{port}/simple", "--retries", "0", "--timeout", "2"]
ray.init(runtime_env={"pip": {"packages": ["arclight-probe"], "pip_install_options": options}})
try:
    ray.get(nothing.remote(), timeout=25)
except Exception as error:
    print(type(error))
