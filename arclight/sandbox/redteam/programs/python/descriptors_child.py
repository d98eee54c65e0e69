# ---
# id = "descriptors-child"
# title = "Hands all it was given to a child and lets that hold still"
# clause = "descriptors"
# engine = "python"
# expects = ["descriptors"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import subprocess
import sys

with open("probe.json") as f:
    P = json.load(f)

name = f"import ctypes; ctypes.CDLL(None).prctl(15, b'{P['sign']}')"
hold = f"{name}; import time; time.sleep(1.5)"
subprocess.run([sys.executable, "-c", hold], close_fds=False)
