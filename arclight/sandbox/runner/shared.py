"""Places in an engine that all programs of a trust domain share."""

import time
from collections.abc import Mapping, Sequence
from typing import Protocol

from arclight.contracts.names import Way
from arclight.sandbox.limits import Limits
from arclight.sandbox.runner.domain import Domain, Life, Use
from arclight.sandbox.runner.member import Member
from arclight.sandbox.runner.own import differs
from arclight.sandbox.runner.place import Listener, Outcome, Place
from arclight.sandbox.runner.pool import Pool
from arclight.sandbox.runner.process import either
from arclight.sandbox.runner.protocol import Ask, Go
from arclight.sandbox.runner.shared_ground import SharedGround
from arclight.sandbox.watch import Reason


class SharedEngine(Protocol):
    """Spark or Ray as a shared engine."""

    name: str
    use: Use

    def start(self) -> Member:
        """The engine itself, in a cage of its own."""
        ...

    def join(self, engine: Member) -> Member:
        """A process that is connected to it and waits for one program."""
        ...

    def clean(self, member: Member, *, alone: bool) -> bool:
        """Clear what the program of `member`, which has ended, left in the engine.

        `alone`: no other program uses it now. False when it could not be cleared.
        """
        ...

    def why_lost(self, engine: Member) -> str:
        """What is known of the engine's end besides that it came; empty when nothing."""
        ...

    def rest(self, engine: Member) -> None:
        """Nobody used it for a while: give back what it does not need. Must return at once."""
        ...

    @property
    def helpers(self) -> Sequence[Pool]:
        """Further processes that live and die with the engine."""
        ...


REST_AFTER = 30.0
"""Seconds without a program after which the engine rests."""

NOTICE = 2.0
"""Seconds for the keeper to notice an engine that has ended; it looks twice a second."""


class SharedPlaces:
    """The provider of places in one shared engine."""

    def __init__(
        self, engine: SharedEngine, ground: SharedGround, limits: Limits, size: int, *, lazy: bool
    ) -> None:
        """`limits` are those of its programs, `size` how many processes wait for them."""
        self._engine = engine
        self._ground = ground
        self._limits = limits
        self.domain = Domain(
            f"the shared {engine.name}",
            engine.start,
            self._discard,
            engine.use,
            explain=engine.why_lost,
            lazy=lazy,
        )
        self.pool = Pool(f"{engine.name} clients", size, self._join, self._discard)
        self._served: Life | None = None
        self._idle_since: float | None = None

    def place(self, ask: Ask) -> Place | str:
        """A process of the engine; or why not."""
        why_not = differs(ask.limits, self._limits)
        if why_not is not None:
            return why_not
        life = self.domain.enter()
        if life is None:
            return "the shared engine was not ready"
        try:
            # One that starts now is faster than an engine of its own.
            member = self.pool.take() or self._join()
        except (LookupError, OSError) as error:
            self.domain.leave(life)
            return f"no client could be started: {error}"
        return _Shared(self, life, member, ask)

    def tick(self) -> None:
        self.domain.tick()
        life = self.domain.ready
        if life is not self._served:
            # They are connected to one engine and die with it.
            for pool in self._pools:
                pool.empty()
            self._served = life
        if life is not None:
            for pool in self._pools:
                pool.tick()
            self._let_rest(life)

    def _let_rest(self, life: Life) -> None:
        """Once in each pause between programs."""
        if life.running or not self.warm:
            self._idle_since = time.monotonic()
        elif self._idle_since is not None and time.monotonic() - self._idle_since > REST_AFTER:
            self._idle_since = None
            self._engine.rest(life.member)

    @property
    def warm(self) -> bool:
        if not self.domain.wanted:
            return True
        return self.domain.ready is not None and all(pool.full for pool in self._pools)

    @property
    def states(self) -> Mapping[str, str]:
        return {self.domain.name: self.domain.state, self.pool.name: self.pool.state}

    def close(self) -> None:
        for pool in self._pools:
            pool.empty()
        self.domain.close()

    def run(self, life: Life, member: Member, ask: Ask, go: Go, listener: Listener) -> Outcome:
        """Follow a program to its end, or to the end of the engine."""
        with (
            self._ground.granted(member.folder),
            either(listener.cancelled, life.over) as cancelled,
        ):
            ended = member.run(
                go,
                ask.limits,
                log=listener.log,
                numbers=listener.numbers,
                cancelled=cancelled,
                full=listener.full,
            )
        # Its end may be noticed here first; the keeper says the reason in its next look.
        if ended.reason is Reason.LOST or not life.member.usable:
            life.over.wait(NOTICE)
        return Outcome(ended, life.why if life.over.is_set() else "")

    def leave(self, life: Life, member: Member) -> None:
        """Clear what the program left in the engine, then let the next one in."""
        member.end()
        gone = life.over.is_set() or not member.facts
        cleaned = gone or self._engine.clean(member, alone=life.running <= 1)
        self._ground.discard(member.folder)
        self.domain.leave(life, "" if cleaned else "what a program left could not be cleared")

    @property
    def _pools(self) -> Sequence[Pool]:
        return (self.pool, *self._engine.helpers)

    def _join(self) -> Member:
        life = self.domain.ready
        if life is None:
            raise LookupError("no shared engine is up")
        return self._engine.join(life.member)

    def _discard(self, member: Member) -> None:
        member.end()
        self._ground.discard(member.folder)


class _Shared:
    """A place in the shared engine."""

    way = Way.SHARED

    def __init__(self, places: SharedPlaces, life: Life, member: Member, ask: Ask) -> None:
        self.folder = member.folder
        self.reason = ask.reason
        self._places = places
        self._life = life
        self._member = member
        self._ask = ask
        self._closed = False

    def run(self, go: Go, listener: Listener) -> Outcome:
        return self._places.run(self._life, self._member, self._ask, go, listener)

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._places.leave(self._life, self._member)
