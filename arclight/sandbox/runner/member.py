"""A process in a cage that waits for one program, gets it, and ends with it."""

import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from pydantic import ValidationError

from arclight.contracts.names import LogStream
from arclight.sandbox.caged import Exit, Log
from arclight.sandbox.limits import Limits
from arclight.sandbox.logs import FullLog, Output
from arclight.sandbox.runner.protocol import Go, Numbers
from arclight.sandbox.scratch import Scratch

MAX_LINE = 16 * 1024
"""Bytes of one message from inside a cage; the longest honest one has some hundreds."""
EVERY = 0.25
"""Seconds between two progress messages that are passed on: four a second."""


class Held(Protocol):
    """A started process tree: `Caged`, or a driver inside a shared engine's cage."""

    control: socket.socket
    output: Output

    @property
    def over(self) -> bool: ...

    def memory(self) -> int: ...

    def follow(
        self,
        limits: Limits,
        *,
        log: Log,
        cancelled: threading.Event,
        full: Mapping[LogStream, FullLog] = ...,
    ) -> Exit: ...

    def end(self) -> int: ...


class Member:
    """One such process. It is ready when `ready` is set and `dead` is not."""

    def __init__(
        self, folder: Path, held: Held, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.folder = folder
        self.held = held
        self.facts: Mapping[str, Any] = {}
        """What the engine said of itself when it was ready."""
        self.ready = threading.Event()
        """Set when it is ready, or when it never will be."""
        self.dead = False
        self._clock = clock
        self._began = clock()
        self.seconds_to_ready = 0.0
        self.on_message: Callable[[Mapping[str, Any]], None] = lambda _: None
        """Gets what a trusted process says besides; called from another thread."""
        self._numbers: Callable[[Numbers], None] | None = None
        self._last = 0.0
        threading.Thread(target=self._listen, name="member", daemon=True).start()

    @property
    def usable(self) -> bool:
        """False for one that ended before its program came."""
        return not self.dead and not self.held.over

    def run(
        self,
        go: Go,
        limits: Limits,
        *,
        log: Log,
        numbers: Callable[[Numbers], None],
        cancelled: threading.Event,
        full: Mapping[LogStream, FullLog],
    ) -> Exit:
        """Hand over the program in the folder and follow it to its end."""
        self._numbers = numbers
        folder = Scratch(self.folder, -1)
        order = {
            "program": str(folder.program),
            "arguments": list(go.arguments),
            "failure": str(folder.failure),
        }
        # Apart from the watch: one that is not ready yet may take the order late, or never.
        say = threading.Thread(target=self.say, args=({"run": order},), name="order", daemon=True)
        say.start()
        return self.held.follow(limits, log=log, cancelled=cancelled, full=full)

    def say(self, message: Mapping[str, Any]) -> bool:
        """Tell a trusted process something; False when it is gone."""
        try:
            self.held.control.sendall(json.dumps(message).encode() + b"\n")
        except OSError:
            return False
        return True

    def end(self) -> None:
        """End the process; the folder stays."""
        self.held.end()

    def _listen(self) -> None:
        pending = bytearray()
        try:
            while piece := self.held.control.recv(4096):
                pending += piece
                *lines, rest = bytes(pending).split(b"\n")
                pending = bytearray(rest)
                for line in lines:
                    self._hear(line)
                if len(pending) > MAX_LINE:
                    return
        except OSError:
            return
        finally:
            self.dead = not self.ready.is_set()
            self.ready.set()
            self._closed()

    def _closed(self) -> None:
        """The other side says nothing more."""

    def _hear(self, line: bytes) -> None:
        """A program may say here what it likes: only known words count, and they decide nothing."""
        try:
            said = json.loads(line)
        except ValueError:
            return
        if not isinstance(said, dict):
            return
        if "ready" in said and not self.ready.is_set():
            self.facts = said["ready"] if isinstance(said["ready"], dict) else {}
            self.seconds_to_ready = self._clock() - self._began
            self.ready.set()
        elif isinstance(said.get("progress"), dict):
            self._count(said["progress"])
        else:
            self.on_message(said)

    def _count(self, progress: Mapping[str, Any]) -> None:
        now = self._clock()
        if self._numbers is None or now - self._last < EVERY:
            return
        self._last = now
        try:
            numbers = Numbers.model_validate({**progress, "type": "numbers"})
        except ValidationError:
            return
        self._numbers(numbers)
