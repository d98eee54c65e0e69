"""A process outside that does nothing but notice what is done to it. Standard library only.

`python -I -S bystander.py` prints `{"buffer": address, "secret": address, "size": bytes}` and then,
for each line on its standard input, what has become of it.
"""

import contextlib
import ctypes
import json
import os
import resource
import signal
import sys

QUIET = b"untouched"


def main() -> None:
    """Answer until the end of the input."""
    caught: list[str] = []
    for number in signal.valid_signals():
        with contextlib.suppress(OSError, ValueError):
            signal.signal(number, lambda n, _: caught.append(signal.Signals(n).name))
    buffer = ctypes.create_string_buffer(QUIET, len(QUIET))
    secret = ctypes.create_string_buffer(repr(dict(os.environ)).encode())
    where = {
        "buffer": ctypes.addressof(buffer),
        "secret": ctypes.addressof(secret),
        "size": len(secret),
    }
    sys.stdout.write(json.dumps(where) + "\n")
    sys.stdout.flush()
    for _ in sys.stdin:
        said = {
            "signals": caught,
            "buffer": buffer.raw.decode(errors="replace"),
            "files": resource.getrlimit(resource.RLIMIT_NOFILE),
        }
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
