# ---
# id = "ray-listener-pip"
# title = "Has a worker fetch a package from elsewhere"
# clause = "listener"
# engine = "ray"
# expects = ["listener"]
# destructive = false
# ---
# mypy: ignore-errors
# Ray's own way, `runtime_env={"pip": …}`, needs virtualenv, which is not installed: it tries nothing.
import json
import subprocess
import sys

import ray

with open("probe.json") as f:
    P = json.load(f)


@ray.remote
def fetched(package):
    pip = [sys.executable, "-m", "pip", "download", "--retries", "0", "--timeout", "2"]
    return subprocess.run([*pip, package], capture_output=True, text=True, timeout=25).returncode


host, port = P["tcp"]
ray.init()
try:
    wheel = f"arclight-probe @ http://{host}:{port}/arclight_probe-1-py3-none-any.whl"
    print(ray.get(fetched.remote(wheel), timeout=40))
except Exception as error:
    print(type(error))
