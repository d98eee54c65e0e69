# ---
# id = "names-fifo"
# title = "A part file that is a pipe, which nobody ever fills"
# clause = "names"
# engine = "python"
# expects = ["refused", "deadline"]
# destructive = false
# wall = 1.5
# ---
# mypy: ignore-errors
import json
import os

with open("probe.json") as f:
    P = json.load(f)

os.mkdir("output")
os.mkfifo("output/part-0.parquet")
os.mkfifo("output/part-1.parquet")
