"""From an engine's wishes to a process in a cage."""

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from arclight.contracts.names import Way
from arclight.sandbox.cage.policy import Bind, Policy
from arclight.sandbox.cage.tier import Cage, Tier
from arclight.sandbox.caged import Caged
from arclight.sandbox.inside import member as member_script
from arclight.sandbox.launch import LaunchSpec, start
from arclight.sandbox.limits import Limits
from arclight.sandbox.runner.engine import Engine, Start
from arclight.sandbox.runner.member import Member
from arclight.sandbox.scratch import Ground, Scratch

INSIDE = Path(member_script.__file__).parent


class Uids:
    """Users for programs, where this process is root: nobody else's, and one for each cage."""

    def __init__(self, first: int | None) -> None:
        self._first = first
        self._taken: set[int] = set()
        self._lock = threading.Lock()

    def take(self) -> int | None:
        """A free one; None where programs run as the user of this process."""
        if self._first is None:
            return None
        with self._lock:
            number = next(n for n in range(len(self._taken) + 1) if n not in self._taken)
            self._taken.add(number)
            return self._first + number

    def give_back(self, uid: int | None) -> None:
        if uid is not None and self._first is not None:
            with self._lock:
                self._taken.discard(uid - self._first)


@dataclass(frozen=True)
class House:
    """What all cages of one runner have in common."""

    ground: Ground
    cage: Cage
    uploads: Path
    """Folder of the artifact store below which the addresses of inputs lie."""
    uids: Uids = field(default_factory=lambda: Uids(None))

    @property
    def spaces(self) -> bool:
        """True where a cage has a view of the files of its own."""
        return self.cage.tier >= Tier.T3

    def inputs(self, granted: Path, exact: tuple[str, ...] | None = None) -> tuple[Bind, ...]:
        """The inputs at their addresses.

        With name spaces they are what lies in `granted`. Without, the files that are named, or all
        uploads for a process that must start before its inputs are known.
        """
        if self.spaces:
            return (Bind(granted, self.uploads),)
        if exact is not None:
            return tuple(Bind(Path(p), Path(p)) for p in exact)
        return (Bind(self.uploads, self.uploads),)

    def environment(self, folder: Scratch, limits: Limits) -> dict[str, str]:
        """What every program gets; an engine adds its own."""
        python = Path(sys.executable)
        return {
            # The environment's own bin folder, for tools that start `python` by name.
            "PATH": f"{python.parent}:/usr/bin:/bin",
            "HOME": str(folder.home),
            "TMPDIR": str(folder.tmp),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "PYTHONHASHSEED": "0",
            "PYTHONNOUSERSITE": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            # One library that starts a thread per core of a big machine breaks a limit.
            "OMP_NUM_THREADS": str(limits.cores),
        }


def start_member(
    house: House,
    engine: Engine,
    root: Path,
    uid: int | None,
    limits: Limits,
    way: Way,
    *,
    exact: tuple[str, ...] | None = None,
) -> Member:
    """A process for one program, in a cage of its own around the folder `root`."""
    folder = Scratch(root, -1)
    wishes = engine.start(folder, limits, way, private_tmp=house.spaces)
    binds = house.inputs(folder.granted, exact)
    return Member(root, start_caged(house, root, uid, limits, wishes, command(wishes), binds))


def start_caged(
    house: House,
    root: Path,
    uid: int | None,
    limits: Limits,
    wishes: Start,
    argv: Sequence[str],
    binds: Sequence[Bind],
    *,
    pid1: bool = False,
    cwd: Path | None = None,
) -> Caged:
    """`argv` in a cage around the folder `root`; its current folder is the slot's, or `cwd`."""
    folder = Scratch(root, -1)
    writable = (Bind(path, path, writable=True) for path in wishes.writable)
    policy = Policy(
        folder=root,
        binds=(*binds, *writable),
        runtime=(INSIDE, *wishes.runtime),
        shm=wishes.shm,
        pid1=pid1,
    )
    spec = LaunchSpec(
        run=root.name,
        argv=argv,
        env={**house.environment(folder, limits), **wishes.env},
        scratch=root,
        cwd=cwd or folder.work,
        limits=limits,
        cage=house.cage,
        policy=policy,
        uid=uid,
    )
    return start(spec)


def python(script: Path, *arguments: str) -> list[str]:
    """`-P` and an environment of our own make do what `-I` does, and keep the fixed hash seed."""
    return [sys.executable, "-P", "-s", "-u", str(script), *arguments]


def command(wishes: Start) -> list[str]:
    """A process that gets ready and takes one program."""
    prepare = str(wishes.prepare) if wishes.prepare else "-"
    return python(Path(member_script.__file__), prepare)


@contextmanager
def either(*events: threading.Event) -> Iterator[threading.Event]:
    """An event that is set as soon as one of these is."""
    any_of = threading.Event()
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            if any(e.is_set() for e in events):
                any_of.set()
                return

    watcher = threading.Thread(target=watch, name="either", daemon=True)
    watcher.start()
    try:
        yield any_of
    finally:
        done.set()
        watcher.join()
