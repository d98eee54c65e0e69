"""A warm engine that several programs share: started, watched, replaced."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from arclight.contracts.failure import StepFailed
from arclight.runtime.telemetry import logger
from arclight.sandbox.limits import MIB
from arclight.sandbox.runner.member import Member
from arclight.sandbox.runner.pool import PAUSE

log = logger()

START_LIMIT = 180.0
"""Seconds that an engine gets to come up: ten times what it takes on a quiet machine."""
LOOK_EVERY = 2.0
"""Seconds between two looks at its memory, which reads the maps of every process."""


@dataclass(frozen=True)
class Use:
    """When an engine is replaced though it works."""

    programs: int = 500
    """A server keeps some kilobytes of each session; no leak was seen to need less."""
    age: float = 12 * 3600.0
    memory: int = 2048 * MIB
    """Bytes. Above this it ends at once: what runs in it starts again elsewhere."""


class Life:
    """One engine from its start to its end."""

    def __init__(self, member: Member, number: int, born: float) -> None:
        self.member = member
        self.number = number
        self.born = born
        self.running = 0
        self.served = 0
        self.tainted = ""
        self.over = threading.Event()
        """Set when it has ended, or must be taken for ended."""
        self.why = ""
        self._looked = born

    def is_due(self, use: Use, now: float) -> str:
        """Why it should be replaced when nobody uses it."""
        if self.tainted:
            return self.tainted
        if self.served >= use.programs:
            return f"it served {self.served} programs"
        return f"it is {use.age / 3600:g} h old" if now - self.born > use.age else ""

    def too_large(self, use: Use, now: float) -> bool:
        if now - self._looked < LOOK_EVERY:
            return False
        self._looked = now
        return self.member.held.memory() > use.memory


class Domain:
    """Keeps one engine alive. `tick` from one thread; the rest from any."""

    def __init__(
        self,
        name: str,
        start: Callable[[], Member],
        discard: Callable[[Member], None],
        use: Use,
        *,
        explain: Callable[[Member], str] = lambda _: "",
        lazy: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`explain` knows more of an engine's end than that it came."""
        self.name = name
        self._start = start
        self._discard = discard
        self._use = use
        self._explain = explain
        self._clock = clock
        self._lock = threading.Lock()
        self._life: Life | None = None
        self._lives = 0
        self._deaths = 0
        self._again_at = 0.0
        self.wanted = not lazy

    @property
    def ready(self) -> Life | None:
        """The engine when it can be used now."""
        life = self._life
        if life is None or life.over.is_set() or life.tainted:
            return None
        return life if life.member.ready.is_set() and life.member.usable else None

    @property
    def state(self) -> str:
        life = self._life
        if life is None:
            return "not started" if not self.wanted else "starting again soon"
        if self.ready is None:
            return "starting"
        return f"ready, {life.running} running, {life.served} served"

    def enter(self) -> Life | None:
        """Use the engine; None when there is none now. `leave` afterwards."""
        with self._lock:
            self.wanted = True
            life = self.ready
            if life is not None:
                life.running += 1
                life.served += 1
            return life

    def leave(self, life: Life, tainted: str = "") -> None:
        """`tainted` says why nobody else should use it."""
        with self._lock:
            life.running -= 1
            life.tainted = life.tainted or tainted

    def tick(self) -> None:
        """Start what is missing, end what is dead, due or too large."""
        life, now = self._life, self._clock()
        if life is None:
            if self.wanted and now >= self._again_at:
                self._begin(now)
            return
        if not life.member.usable:
            said = next(reversed(life.member.held.output.early), "it said nothing")
            self._end(life, f"{self.name} ended by itself: {said}", died=True)
        elif not life.member.ready.is_set():
            if now - life.born > START_LIMIT:
                self._end(life, f"{self.name} was not ready after {START_LIMIT:g} s", died=True)
        elif life.too_large(self._use, now):
            self._end(life, f"{self.name} used more than {self._use.memory // MIB:,} MiB")
        else:
            self._deaths = 0
            with self._lock:
                due = "" if life.running else life.is_due(self._use, now)
                if due:
                    life.tainted = due
            if due:
                self._end(life, due)

    def close(self) -> None:
        """End the engine; idempotent."""
        self.wanted = False
        if (life := self._life) is not None:
            self._end(life, "the runner stops")

    def _begin(self, now: float) -> None:
        try:
            member = self._start()
        except StepFailed as failed:
            # The installation lacks something: every program is told so when it comes.
            log.error("a shared engine cannot start", engine=self.name, reason=str(failed))
            self._pause()
            return
        self._lives += 1
        self._life = Life(member, self._lives, now)

    def _pause(self) -> None:
        self._again_at = self._clock() + PAUSE[min(self._deaths, len(PAUSE) - 1)]
        self._deaths += 1

    def _end(self, life: Life, why: str, *, died: bool = False) -> None:
        log.warning("a shared engine ends", engine=self.name, reason=why, running=life.running)
        # Asked before its folder goes.
        life.why = self._explain(life.member) or why
        life.over.set()
        self._life = None
        if died:
            self._pause()
        self._discard(life.member)
