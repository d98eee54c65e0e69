# ---
# id = "names-setid"
# title = "Leaves a program that runs with the rights of its owner"
# clause = "names"
# engine = "python"
# expects = ["setid"]
# destructive = false
# needs_cage = true
# ---
# mypy: ignore-errors
import json
import os
import shutil

with open("probe.json") as f:
    P = json.load(f)

os.mkdir("output")
for target in ("shell", "output/part-0.parquet"):
    shutil.copyfile("/bin/sh", target)
    os.chmod(target, 0o6777)
