# ---
# id = "control-links"
# title = "Shows one address and leads to another"
# clause = "control"
# engine = "python"
# expects = ["control"]
# destructive = false
# ---
# mypy: ignore-errors
import json

with open("probe.json") as f:
    P = json.load(f)

print("\x1b]8;;http://evil.example/\x1b\\https://docs.example/\x1b]8;;\x1b\\")
print("\u202egpj.exe\u202c \u2066hidden\u2069 \ufeffmark")
