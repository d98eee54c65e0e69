# ---
# id = "end-held-stdout"
# title = "A child holds standard output open after the program's end"
# clause = "end"
# engine = "python"
# expects = ["end"]
# destructive = false
# ---
# mypy: ignore-errors
import json
import os
import time

with open("probe.json") as f:
    P = json.load(f)

if os.fork() == 0:
    time.sleep(60)
    os._exit(0)
print("done", flush=True)
os._exit(0)
