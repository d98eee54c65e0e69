# ---
# id = "names-swapped"
# title = "A part file that a child swaps with a link all the time"
# clause = "names"
# engine = "python"
# expects = ["leak", "rows:1"]
# destructive = false
# needs_cage = true
# ---
# mypy: ignore-errors
import json
import os
import time

import pyarrow as pa
import pyarrow.parquet as pq

with open("probe.json") as f:
    P = json.load(f)

os.mkdir("output")
pq.write_table(pa.table({"n": [1]}), "plain")
os.symlink(P["canary_table"], "link")
os.link("plain", "output/part-0.parquet")
if os.fork() == 0:
    end = time.monotonic() + 3
    while time.monotonic() < end:
        for source in ("link", "plain"):
            os.link(source, "next", follow_symlinks=False)
            os.replace("next", "output/part-0.parquet")
    os._exit(0)
time.sleep(0.2)
