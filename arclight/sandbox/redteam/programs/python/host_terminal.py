# ---
# id = "host-terminal"
# title = "Writes to, and types into, the terminal of whoever started the service"
# clause = "host"
# engine = "python"
# expects = ["terminal"]
# destructive = false
# ---
# mypy: ignore-errors
import contextlib
import fcntl
import json
import os

with open("probe.json") as f:
    P = json.load(f)

TYPE = 0x5412  # TIOCSTI
for path in (P["terminal"], "/dev/tty"):
    with contextlib.suppress(OSError):
        fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
        with contextlib.suppress(OSError):
            os.write(fd, P["token"].encode())
        for character in P["token"]:
            with contextlib.suppress(OSError):
                fcntl.ioctl(fd, TYPE, character.encode())
