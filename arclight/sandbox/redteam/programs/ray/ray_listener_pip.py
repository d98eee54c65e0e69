# ---
# id = "ray-listener-pip"
# title = "Has packages installed from a page elsewhere"
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
found_at = f"http://{host}:{port}/"
options = ["--no-index", "--find-links", found_at, "--retries", "0", "--timeout", "2"]
ray.init(runtime_env={"pip": {"packages": ["arclight-probe"], "pip_install_options": options}})
try:
    ray.get(nothing.remote(), timeout=25)
except Exception as error:
    print(type(error))
