# ---
# id = "names-socket"
# title = "A part file that is a socket"
# clause = "names"
# engine = "python"
# expects = ["refused"]
# destructive = false
# needs_cage = true
# ---
# mypy: ignore-errors
import json
import os
import socket

with open("probe.json") as f:
    P = json.load(f)

os.mkdir("output")
os.chdir("output")
socket.socket(socket.AF_UNIX).bind("part-0.parquet")
