"""Places with a cage and an engine of their own: from the pool, or started for the program."""

import threading
from collections.abc import Mapping
from pathlib import Path

from arclight.contracts.names import Way
from arclight.sandbox.limits import Limits
from arclight.sandbox.runner.engine import Engine
from arclight.sandbox.runner.member import Member
from arclight.sandbox.runner.place import Listener, Outcome, Place
from arclight.sandbox.runner.pool import Pool
from arclight.sandbox.runner.process import House, start_member
from arclight.sandbox.runner.protocol import Ask, Go
from arclight.sandbox.scratch import remove


class OwnCages:
    """The provider that always has a place."""

    def __init__(
        self, house: House, engine: Engine, limits: Limits, size: int, *, lazy: bool = False
    ) -> None:
        """`limits` are those of warmed processes, `size` how many of them wait; when `lazy`, from
        the first program on."""
        self._house = house
        self._engine = engine
        self._limits = limits
        self._uids: dict[Path, int | None] = {}
        self._busy = 0
        self._lock = threading.Lock()
        self._size = size
        first = 0 if lazy else size
        self.pool = Pool(f"{engine.name} one-shot", first, self._make, self._discard)

    def place(self, ask: Ask) -> Place:
        """One that waits when it is as the program needs it, else one that starts cold."""
        self.pool.size = self._size
        why_not = ask.fresh or differs(ask.limits, self._limits)
        if why_not is None and (member := self.pool.take()):
            return _Own(self, member.folder, Way.WARM, ask, member)
        reason = why_not or ("none was ready" if self.pool.size else "no engine is kept warm")
        root = self._slot()
        return _Own(self, root, Way.COLD, ask.model_copy(update={"fresh": reason}), None)

    def tick(self) -> None:
        # A program that runs wants the cores that the next one's start would take.
        self.pool.tick(make=self._busy == 0)

    @property
    def warm(self) -> bool:
        return self.pool.full

    @property
    def states(self) -> Mapping[str, str]:
        return {self.pool.name: self.pool.state} if self.pool.size else {}

    def close(self) -> None:
        self._size = self.pool.size = 0
        self.pool.empty()

    def start(self, root: Path, limits: Limits, way: Way, exact: tuple[str, ...] | None) -> Member:
        """A process in the slot `root`."""
        uid = self._uids.get(root)
        return start_member(self._house, self._engine, root, uid, limits, way, exact=exact)

    def busy(self, by: int) -> None:
        """Count programs that run."""
        with self._lock:
            self._busy += by

    def remove(self, root: Path) -> None:
        """The slot is no longer needed."""
        self._house.uids.give_back(self._uids.pop(root, None))
        remove(root)

    def _slot(self) -> Path:
        uid = self._house.uids.take()
        try:
            root = self._house.ground.slot(uid)
        except OSError:
            self._house.uids.give_back(uid)
            raise
        self._uids[root] = uid
        return root

    def _make(self) -> Member:
        return self.start(self._slot(), self._limits, Way.WARM, None)

    def _discard(self, member: Member) -> None:
        member.end()
        self.remove(member.folder)


def differs(asked: Limits, given: Limits) -> str | None:
    """Why an engine that was started under `given` cannot take a program under `asked`."""
    for name, unit in (("memory", "bytes"), ("cores", "cores"), ("processes", "processes")):
        if (wish := getattr(asked, name)) != getattr(given, name):
            return f"it asked for {wish:,} {unit}"
    if asked.file_size > given.file_size:
        return f"it asked for files of {asked.file_size:,} bytes"
    return None


class _Own:
    """A place in a cage of its own."""

    def __init__(
        self, cages: OwnCages, folder: Path, way: Way, ask: Ask, member: Member | None
    ) -> None:
        self.folder = folder
        self.way = way
        self.reason = ask.fresh or ask.reason
        self._cages = cages
        self._limits = ask.limits
        self._member = member
        self._closed = False
        cages.busy(1)

    def run(self, go: Go, listener: Listener) -> Outcome:
        if self._member is None:
            self._member = self._cages.start(self.folder, self._limits, Way.COLD, go.inputs)
        ended = self._member.run(
            go,
            self._limits,
            log=listener.log,
            numbers=listener.numbers,
            cancelled=listener.cancelled,
            full=listener.full,
        )
        lost = ""
        if self._member.dead and self.way is Way.WARM:
            said = next(reversed(self._member.held.output.early), "it said nothing")
            lost = f"the engine that was being started ended: {said}"
        return Outcome(ended, lost)

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._cages.busy(-1)
        if self._member is not None:
            self._member.end()
        self._cages.remove(self.folder)
