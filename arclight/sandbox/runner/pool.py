"""A few processes that are ready before they are needed."""

import threading
import time
from collections.abc import Callable

from arclight.contracts.failure import StepFailed
from arclight.runtime.telemetry import logger
from arclight.sandbox.runner.member import Member

log = logger()

PAUSE = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds between two tries when members keep dying before they are ready."""


class Pool:
    """Keeps up to `size` members ready or on their way; each is given out once."""

    def __init__(
        self,
        name: str,
        size: int,
        make: Callable[[], Member],
        discard: Callable[[Member], None],
        *,
        most_age: float = 3600.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`discard` ends a member and removes its folder. `most_age` is in seconds."""
        self.name = name
        self.size = size
        self._make = make
        self._discard = discard
        self._most_age = most_age
        self._clock = clock
        self._lock = threading.Lock()
        self._members: list[tuple[Member, float]] = []
        self._deaths = 0
        self._again_at = 0.0
        self.last_words = ""
        """What the last member said that died before it was ready."""

    @property
    def full(self) -> bool:
        """True when as many as wanted are ready."""
        with self._lock:
            ready = [m for m, _ in self._members if m.ready.is_set() and m.usable]
            return len(ready) >= self.size

    @property
    def state(self) -> str:
        """`2 ready, 1 starting`, for people."""
        with self._lock:
            ready = sum(1 for m, _ in self._members if m.ready.is_set() and m.usable)
            return f"{ready} ready, {len(self._members) - ready} starting"

    def take(self) -> Member | None:
        """One that is ready, else the one that will be soonest; None when there is none."""
        with self._lock:
            usable = [(m, born) for m, born in self._members if m.usable]
            if not usable:
                return None
            chosen = min(usable, key=lambda pair: (not pair[0].ready.is_set(), pair[1]))
            self._members.remove(chosen)
            return chosen[0]

    def look(self) -> Member | None:
        """One that is ready, which stays in the pool."""
        with self._lock:
            return next((m for m, _ in self._members if m.ready.is_set() and m.usable), None)

    def tick(self, *, make: bool = True) -> None:
        """Remove the dead and the old; start one when one is missing. Called from one thread."""
        for member in self._unusable():
            self._discard(member)
        with self._lock:
            starting = any(not m.ready.is_set() for m, _ in self._members)
            missing = len(self._members) < self.size
        # One after another: two that start at once take as long and disturb more.
        if make and missing and not starting and self._clock() >= self._again_at:
            self._add()

    def _add(self) -> None:
        try:
            member = self._make()
        except StepFailed as failed:
            # The installation lacks something: every program is told so when it comes.
            self._pause(str(failed))
            return
        with self._lock:
            self._members.append((member, self._clock()))

    def empty(self) -> None:
        """End all members."""
        with self._lock:
            members, self._members = [m for m, _ in self._members], []
        for member in members:
            self._discard(member)

    def _unusable(self) -> list[Member]:
        now = self._clock()
        gone: list[Member] = []
        with self._lock:
            for pair in list(self._members):
                member, born = pair
                if member.usable and now - born < self._most_age:
                    if member.ready.is_set():
                        self._deaths = 0
                    continue
                self._members.remove(pair)
                gone.append(member)
                if not member.usable:
                    self._died(member)
        return gone

    def _died(self, member: Member) -> None:
        self._pause(next(reversed(member.held.output.early), "it said nothing"))

    def _pause(self, said: str) -> None:
        pause = PAUSE[min(self._deaths, len(PAUSE) - 1)]
        self._deaths += 1
        self._again_at = self._clock() + pause
        self.last_words = said
        log.warning("a waiting process ended", pool=self.name, said=self.last_words, next_try=pause)
