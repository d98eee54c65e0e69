# ---
# id = "control-traceback"
# title = "Puts control characters into the source lines that a traceback shows"
# clause = "control"
# engine = "python"
# expects = ["control"]
# destructive = false
# ---
# mypy: ignore-errors
import json

with open("probe.json") as f:
    P = json.load(f)

source = "raise ValueError('x')  # \x1b[2J \u202e\n"
with open("shown\x1b[31m.py", "w") as f:
    f.write(source)
exec(compile(source, "shown\x1b[31m.py", "exec"))
