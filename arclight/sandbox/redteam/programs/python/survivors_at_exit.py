# ---
# id = "survivors-at-exit"
# title = "Starts itself again when it ends"
# clause = "survivors"
# engine = "python"
# expects = ["survivors"]
# destructive = false
# ---
# mypy: ignore-errors
import atexit
import json
import os
import subprocess
import sys

with open("probe.json") as f:
    P = json.load(f)


def again() -> None:
    code = f"import time; token = '{P['token']}'; time.sleep(90)"
    nothing = subprocess.DEVNULL
    subprocess.Popen(
        [sys.executable, "-c", code], start_new_session=True, stdout=nothing, stderr=nothing
    )


atexit.register(again)
os.chdir("/")
