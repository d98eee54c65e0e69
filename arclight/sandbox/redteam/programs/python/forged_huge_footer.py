# ---
# id = "forged-huge-footer"
# title = "A footer that says it is two gigabytes long"
# clause = "forged"
# engine = "python"
# expects = ["refused"]
# destructive = false
# needs_cage = true
# ---
# mypy: ignore-errors
import json
import os

with open("probe.json") as f:
    P = json.load(f)

os.mkdir("output")
with open("output/part-0.parquet", "wb") as f:
    f.write(b"PAR1" + bytes(64) + (0x7FFFFFF0).to_bytes(4, "little") + b"PAR1")
