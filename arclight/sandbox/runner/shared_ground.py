"""What every shared engine has: slots that it sees, inputs that it sees, a user of its own."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from arclight.sandbox.cage.policy import Bind
from arclight.sandbox.grant import share
from arclight.sandbox.runner.process import House
from arclight.sandbox.scratch import Scratch, remove


class SharedGround:
    """The folders of one trust domain."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.uid = house.uids.take()
        """One user for the engine and all that it serves: they read each other's files."""
        self.slots = house.ground.folder("shared", mode=0o711)
        self.inputs = house.ground.folder("shared-in")
        self.sockets = house.ground.folder("sockets", self.uid, 0o700)
        self._granted: Counter[Path] = Counter()
        self._lock = threading.Lock()

    def slot(self) -> Path:
        """A fresh folder for one program."""
        return self._house.ground.slot(self.uid, "shared")

    def engine_slot(self) -> Path:
        """A fresh folder for an engine: no program sees it."""
        return self._house.ground.slot(self.uid)

    def binds(self) -> tuple[Bind, ...]:
        """The inputs of all programs, for the engine."""
        return self._house.inputs(self.inputs)

    @contextmanager
    def granted(self, root: Path) -> Iterator[None]:
        """Let the engine see the inputs that lie in the slot `root`."""
        granted = Scratch(root, -1).granted
        names = [p.relative_to(granted) for p in granted.rglob("*") if p.is_file()]
        with self._lock:
            for name in names:
                self._granted[name] += 1
                target = self.inputs / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.parent.chmod(0o755)
                share(granted / name, target)
        try:
            yield
        finally:
            with self._lock:
                for name in names:
                    self._granted[name] -= 1
                    if not self._granted[name]:
                        del self._granted[name]
                        (self.inputs / name).unlink(missing_ok=True)

    def discard(self, root: Path) -> None:
        """The slot is no longer needed."""
        remove(root)
