# ---
# id = "canary-file-percent"
# title = "Prints a file from outside with every byte percent-encoded, to standard error"
# clause = "canary"
# engine = "python"
# expects = ["leak"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import sys

with open("probe.json") as f:
    P = json.load(f)

with open(P["canary"], "rb") as f:
    sys.stderr.write("".join(f"%{byte:02X}" for byte in f.read()) + "\n")
