"""A real runner, real cages, and plain Python in place of an engine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from arclight.contracts.names import Way
from arclight.runtime.settings import Settings
from arclight.sandbox.limits import Limits
from arclight.sandbox.runner.client import health
from arclight.sandbox.runner.engine import Engine, Start
from arclight.sandbox.runner.main import Shared, build
from arclight.sandbox.runner.paths import ground_of, socket_of
from arclight.sandbox.runner.place import Place
from arclight.sandbox.runner.process import House
from arclight.sandbox.runner.protocol import Ask
from arclight.sandbox.runner.server import Runner
from arclight.sandbox.scratch import Ground, Scratch


class PlainEngine:
    """Nothing but Python."""

    name = "plain"

    def start(self, folder: Scratch, limits: Limits, way: Way, *, private_tmp: bool) -> Start:
        return Start(prepare=None, env={})


class Nothing:
    """No shared engine: everything gets a cage of its own."""

    warm = True
    states: dict[str, str] = {}  # noqa: RUF012

    def place(self, ask: Ask) -> Place | str:
        return "there is no shared engine"

    def tick(self) -> None: ...

    def close(self) -> None: ...


def nothing(house: House, limits: Limits) -> Nothing:
    return Nothing()


@contextmanager
def running(
    engine: Engine, config: Settings, shared: Shared = nothing, *, one_shots: int = 0
) -> Iterator[Runner]:
    """A runner in this process, until the block ends."""
    stopping = threading.Event()
    config.scratch_dir.mkdir(parents=True, exist_ok=True)
    ground = Ground(ground_of(config, engine.name))
    runner = build(engine, shared, one_shots, config, ground)
    thread = threading.Thread(target=runner.serve, args=(stopping,))
    thread.start()
    try:
        while health(socket_of(config, engine.name)) is None:
            stopping.wait(0.02)
        yield runner
    finally:
        stopping.set()
        thread.join()
        ground.close()


def left_in(folder: Path) -> list[Path]:
    """Everything below `folder`."""
    return sorted(folder.rglob("*"))
