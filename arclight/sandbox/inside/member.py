"""Main program of a cage: gets an engine ready, waits for one program, runs it, and ends.

`python -P -s -u member.py PREPARE`, with a Unix socket as file descriptor 3 that carries JSON
lines. PREPARE is the path of a module with `prepare()`, or `-` for nothing to prepare. A module may
also have `progress(send)`, called before the program, and `finish()`, called after one that ended
well. Standard library only.

    ← {"ready": {…}}                                    what `prepare` says of itself
    → {"run": {"program": …, "arguments": […], "failure": …}}
    ← {"progress": {"tasks": 4, "tasks_done": 1, …}}    at most a few a second; believed by nobody
"""

import atexit
import contextlib
import json
import os
import socket
import sys
import threading
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any

CONTROL = 3


def main(prepare: str) -> None:
    """Returns when the program has ended; its exit code is the process's."""
    os.set_inheritable(CONTROL, False)
    channel = Channel(socket.socket(fileno=CONTROL))
    harness = _harness()
    engine = None if prepare == "-" else harness.load(Path(prepare))
    channel.send({"ready": engine.prepare() if engine is not None else {}})
    order = channel.receive()
    if order is None:
        return
    _take_part(engine, "progress", lambda numbers: channel.send({"progress": numbers}))
    run = order["run"]
    harness.execute(run["program"], run["arguments"], run["failure"])
    _take_part(engine, "finish")
    if engine is not None:
        _end_well()


def _end_well() -> None:
    """End this process after a program that ended well; what it registered for its end is done.

    To take down an interpreter full of engine would make the answer wait 0.2 s.
    """
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        # Whatever the program put in their place, it has ended well.
        with contextlib.suppress(Exception):
            stream.flush()
    os._exit(0)


class Channel:
    """JSON lines over the socket. Sending never fails and never blocks a program for long."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._lock = threading.Lock()

    def send(self, message: Mapping[str, Any]) -> None:
        data = json.dumps(message).encode() + b"\n"
        with self._lock:
            try:
                self._connection.sendall(data)
            except OSError:
                return  # Nobody listens any more: the end is near.

    def receive(self) -> Any:
        """The next message; None when the other side is gone."""
        line = bytearray()
        while not line.endswith(b"\n"):
            piece = self._connection.recv(1)
            if not piece:
                return None
            line += piece
        return json.loads(line)


def _take_part(engine: types.ModuleType | None, name: str, *arguments: object) -> None:
    part = getattr(engine, name, None)
    if part is not None:
        part(*arguments)


def _harness() -> types.ModuleType:
    import importlib.util

    path = Path(__file__).with_name("harness.py")
    spec = importlib.util.spec_from_file_location("_arclight_harness", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main(sys.argv[1])
