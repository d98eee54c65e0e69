# ---
# id = "descriptors-inherited"
# title = "Holds still while somebody looks at what it was given"
# clause = "descriptors"
# engine = "python"
# expects = ["descriptors"]
# destructive = false
# ---
# mypy: ignore-errors
import ctypes
import json
import time

with open("probe.json") as f:
    P = json.load(f)

ctypes.CDLL(None).prctl(15, P["sign"].encode())  # PR_SET_NAME
time.sleep(1.5)
