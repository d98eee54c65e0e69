"""Processes that exist only as far as pools and domains look at them."""

import threading
from collections import deque
from pathlib import Path
from types import SimpleNamespace
from typing import Any


class FakeMember:
    """A member that does what a test says."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.folder = Path(f"/slot/{number}")
        self.ready = threading.Event()
        self.dead = False
        self.ended = False
        self.bytes = 0
        self.facts: dict[str, Any] = {"session": number}
        self.held = SimpleNamespace(
            over=False, output=SimpleNamespace(early=deque(["its last words"])), memory=self._memory
        )

    @property
    def usable(self) -> bool:
        return not self.dead and not self.held.over

    def die(self) -> None:
        self.dead = not self.ready.is_set()
        self.held.over = True
        self.ready.set()

    def end(self) -> None:
        self.ended = True

    def _memory(self) -> int:
        return self.bytes


class Maker:
    """Makes them, and remembers."""

    def __init__(self) -> None:
        self.made: list[FakeMember] = []
        self.discarded: list[FakeMember] = []

    def make(self, *_: object) -> Any:
        self.made.append(FakeMember(len(self.made)))
        return self.made[-1]

    def discard(self, member: Any) -> None:
        member.end()
        self.discarded.append(member)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now
