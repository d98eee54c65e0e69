# ---
# id = "signals-by-owner"
# title = "Makes the kernel signal a process outside as the owner of a socket"
# clause = "signals"
# engine = "python"
# expects = ["bystander"]
# destructive = false
# ---
# mypy: ignore-errors
import fcntl
import json
import os
import signal
import socket

with open("probe.json") as f:
    P = json.load(f)

here, there = socket.socketpair()
fcntl.fcntl(here, fcntl.F_SETOWN, P["bystander"])
fcntl.fcntl(here, 10, int(signal.SIGUSR1))  # F_SETSIG
fcntl.fcntl(here, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
there.send(b"x")
