# ---
# id = "canary-env-own"
# title = "Prints its own environment"
# clause = "canary"
# engine = "python"
# expects = ["leak"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import os

with open("probe.json") as f:
    P = json.load(f)

print("\n".join(f"{name}={value}" for name, value in os.environ.items()))
with open("/proc/self/environ", "rb") as f:
    print(f.read())
