# ---
# id = "bounded-stdout"
# title = "Floods standard output"
# clause = "bounded"
# engine = "python"
# expects = ["bounded"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import sys

with open("probe.json") as f:
    P = json.load(f)

line = b"flood " * 170 + b"\n"
for _ in range(64 * P["limits"]["log"] // len(line)):
    sys.stdout.buffer.write(line)
