# ---
# id = "names-hard-link"
# title = "A part file that is a second name of a table outside"
# clause = "names"
# engine = "python"
# expects = ["leak", "refused"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import os

with open("probe.json") as f:
    P = json.load(f)

os.mkdir("output")
os.link(P["canary_table"], "output/part-0.parquet")
