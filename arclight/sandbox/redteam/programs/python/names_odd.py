# ---
# id = "names-odd"
# title = "Part files with names that are no text, and no file either"
# clause = "names"
# engine = "python"
# expects = ["refused", "control"]
# destructive = false
# needs_cage = true
# ---
# mypy: ignore-errors
import json
import os

with open("probe.json") as f:
    P = json.load(f)

os.mkdir("output")
for name in (b"\xff\xfe\n.parquet", b"a\nb.parquet", b"-rf .parquet", b"x" * 247 + b".parquet"):
    with open(os.path.join(b"output", name), "wb") as f:
        f.write(b"PAR1")
os.mkdir("output/folder.parquet")
