"""How a program of the corpus is run: through the real launcher, or bare for the control."""

import importlib
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, Self

from arclight.contracts.failure import ArclightError
from arclight.contracts.names import LogStream, Way
from arclight.runtime.settings import Settings
from arclight.sandbox.cage.tier import Cage
from arclight.sandbox.caged import Exit
from arclight.sandbox.limits import Limits
from arclight.sandbox.redteam import machine
from arclight.sandbox.redteam.collecting import Collector, short
from arclight.sandbox.redteam.observation import Ran
from arclight.sandbox.redteam.probe import Probe
from arclight.sandbox.redteam.stage import write_probe
from arclight.sandbox.runner.engine import Engine, Start
from arclight.sandbox.runner.process import House, Uids, start_member
from arclight.sandbox.runner.protocol import Ended, Go
from arclight.sandbox.scratch import Ground, Scratch, remove

MARKER = "ARCLIGHT_PROBE"
"""Environment variable by which the witness knows the processes of a run."""
_ENGINES = {
    "spark": ("services.executor_spark.engine", "SparkEngine"),
    "ray": ("services.executor_ray.engine", "RayEngine"),
}
UIDS = 1000
"""Users of ours are far from those that a runner gives out which serves jobs meanwhile."""
MAX_LOG = 20_000
"""Lines that are kept for the judge: no limit on lines is promised, and memory is ours."""


class EngineMissing(ArclightError):
    """The engine's service is not installed."""


@dataclass(frozen=True)
class Order:
    """One run of a program."""

    probe: Probe
    token: str
    limits: Limits
    told: Callable[[Path], dict[str, Any]]
    """What stands in `probe.json`, for a run in this folder."""
    started: Callable[[Path], None]
    """Called with the run's folder before the program starts."""
    look: Callable[[Path], None]
    """Called with the run's folder between its end and its removal."""
    warm: bool = False


class Launcher(Protocol):
    """A way to run a program."""

    ground: Path

    def launch(self, order: Order) -> Ran:
        """Run it to its end and remove its folder."""
        ...


class CagedLauncher:
    """The product's own way: slot, cage, limits, collection, removal."""

    def __init__(self, cage: Cage, base: Path, config: Settings) -> None:
        """`base` is a folder of ours, with a short path: Ray's sockets lie below it."""
        self._collector = Collector(base, config)
        uploads = base / "uploads"
        uploads.mkdir(mode=0o755)
        ground = Ground(base / "g")
        self.ground = ground.root
        self._config = config
        first = None if cage.uid is None else cage.uid + UIDS
        self._house = House(ground, cage, uploads, Uids(first))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._house.ground.close()

    def launch(self, order: Order) -> Ran:
        uid = self._house.uids.take()
        root = self._house.ground.slot(uid)
        try:
            with Scratch.opened(root) as folder:
                ran = self._launch(order, folder, uid)
            return replace(_removed(ran, root), folder_left=os.path.lexists(root))
        finally:
            machine.remove(root)
            self._house.uids.give_back(uid)

    def _launch(self, order: Order, folder: Scratch, uid: int | None) -> Ran:
        write_probe(folder.program, order.probe.text, order.told(folder.root), folder.work)
        engine = engine_of(order.probe.engine, self._config)
        lines: list[str] = []

        def log(line: str, _: LogStream) -> None:
            if len(lines) < MAX_LOG:
                lines.append(line)

        order.started(folder.root)
        began = time.monotonic()
        member = start_member(
            self._house,
            _Marked(engine, order.token),
            folder.root,
            uid,
            order.limits,
            Way.WARM if order.warm else Way.COLD,
            exact=(),
        )
        try:
            exit_ = member.run(
                Go(arguments=("--output", str(folder.output))),
                order.limits,
                log=log,
                numbers=lambda _: None,
                cancelled=threading.Event(),
                full={},
            )
        finally:
            member.end()
        seconds = time.monotonic() - began
        order.look(folder.root)
        ran = self._collector.read(_ended(exit_), folder, order.limits, order.token, lines)
        return replace(ran, seconds=seconds, log=tuple(lines))


class PlainPython:
    """No engine at all."""

    name = "python"

    def start(self, folder: Scratch, limits: Limits, way: Way, *, private_tmp: bool) -> Start:
        return Start(prepare=None, env={})


class _Marked:
    """An engine whose processes carry the token of a run."""

    def __init__(self, engine: Engine, token: str) -> None:
        self.name = engine.name
        self._engine = engine
        self._token = token

    def start(self, folder: Scratch, limits: Limits, way: Way, *, private_tmp: bool) -> Start:
        wishes = self._engine.start(folder, limits, way, private_tmp=private_tmp)
        return replace(wishes, env={**wishes.env, MARKER: self._token})


def engine_of(name: str, config: Settings) -> Engine:
    """The engine as its service starts it. Raises EngineMissing."""
    if name not in _ENGINES:
        return PlainPython()
    module, kind = _ENGINES[name]
    try:
        made: Engine = getattr(importlib.import_module(module), kind)(config)
    except ImportError as error:
        raise EngineMissing(f"{name} is not installed: pip install 'arclight[{name}]'") from error
    return made


def bare_environment(engine: Engine, root: Path, limits: Limits) -> Mapping[str, str]:
    """What an engine needs where there is no cage."""
    return engine.start(Scratch(root, -1), limits, Way.COLD, private_tmp=False).env


def _ended(exit_: Exit) -> Ended:
    """As the runner would say it."""
    fields = ("reason", "code", "signal", "seconds", "max_memory", "survivors", "stdout", "log_cut")
    return Ended.model_validate({name: getattr(exit_, name) for name in fields})


def _removed(ran: Ran, root: Path) -> Ran:
    """The product's own removal, which may not fail either."""
    try:
        remove(root)
    except Exception as error:  # noqa: BLE001 whatever a hostile folder does to the broom
        return replace(ran, broken=f"{ran.broken} removing the folder: {short(error)}".strip())
    return ran
