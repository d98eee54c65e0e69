# ---
# id = "missing-printed"
# title = "Prints a table instead of writing it"
# clause = "missing"
# engine = "python"
# expects = ["refused"]
# destructive = false
# needs_cage = true
# ---
# mypy: ignore-errors
import json

with open("probe.json") as f:
    P = json.load(f)

print("+---+\n|  n|\n+---+\n|  1|\n+---+")
