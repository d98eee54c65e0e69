"""The warm ways: a real runner, visited as the executor visits it, with an engine that is there
before its programs and after them."""

import importlib
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from arclight.contracts.failure import StepFailed
from arclight.contracts.names import Isolation, LogStream, Way
from arclight.runtime.settings import Settings
from arclight.sandbox import failures
from arclight.sandbox.limits import Limits
from arclight.sandbox.redteam.collecting import Collector, text_of
from arclight.sandbox.redteam.launching import MAX_LOG, UIDS, EngineMissing, Order, engine_of
from arclight.sandbox.redteam.observation import Ran
from arclight.sandbox.redteam.stage import write_probe
from arclight.sandbox.runner.client import Visit, health, visit
from arclight.sandbox.runner.main import build, default_limits
from arclight.sandbox.runner.paths import ground_of, socket_of
from arclight.sandbox.runner.place import Provider
from arclight.sandbox.runner.process import House
from arclight.sandbox.runner.protocol import Ask, Go
from arclight.sandbox.scratch import Ground, Scratch
from arclight.sandbox.watch import Reason

WAYS = {Way.SHARED: Isolation.SHARED, Way.WARM: Isolation.JOB}
"""What is asked for to get a way."""
WARM_LIMIT = 240.0
"""Seconds until everything is warm, on two busy cores."""
_GONE = 15.0
"""Seconds within which a runner removes the folder of a program that has ended."""
_SHARED = {
    "spark": ("services.executor_spark.shared", "shared_spark"),
    "ray": ("services.executor_ray.shared", "shared_ray"),
}


@contextmanager
def warm_runner(engine: str, base: Path, limits: Limits) -> Iterator["WarmRunner"]:
    """A runner of `engine` in this process, with a shared engine and a warm one-shot.

    `base` is a folder of ours with a short path. Raises EngineMissing.
    """
    base.mkdir(mode=0o711)
    config = Settings(
        home=base,
        scratch=base / "s",
        run_timeout=limits.wall,
        run_memory=limits.memory,
        run_cores=limits.cores,
        run_output=limits.output,
        run_slots=3,
        isolation=Isolation.SHARED,
    )
    config.scratch_dir.mkdir(mode=0o711)
    ground = Ground(ground_of(config, engine))
    stopping = threading.Event()
    made = engine_of(engine, config)
    runner = build(made, lambda h, lim: _shared(engine, h, lim, config), 1, config, ground, UIDS)
    thread = threading.Thread(target=runner.serve, args=(stopping,), name="runner")
    thread.start()
    try:
        yield WarmRunner(engine, config, ground.root, base)
    finally:
        stopping.set()
        thread.join()
        ground.close()


def _shared(engine: str, house: House, limits: Limits, config: Settings) -> Provider:
    module, name = _SHARED[engine]
    provider: Provider = getattr(importlib.import_module(module), name)(house, limits, config)
    return provider


@dataclass(frozen=True)
class WarmRunner:
    """A runner that is up."""

    engine: str
    config: Settings
    ground: Path
    base: Path

    @property
    def ways(self) -> tuple[Way, ...]:
        """A Ray of its own is never kept warm: it takes as much memory as the shared one."""
        return (Way.SHARED,) if self.engine == "ray" else tuple(WAYS)

    @property
    def limits(self) -> Limits:
        """Those under which its engines were warmed."""
        return default_limits(self.config)

    @property
    def socket(self) -> Path:
        return socket_of(self.config, self.engine)

    def until_warm(self) -> None:
        """Wait until everything that is to be warm is."""
        give_up = time.monotonic() + WARM_LIMIT
        while not ((found := health(self.socket)) and found.warm):
            if time.monotonic() > give_up:
                raise EngineMissing(f"{self.engine} was not warm after {WARM_LIMIT:g} s")
            time.sleep(0.1)


class WarmLauncher:
    """One way into such a runner."""

    def __init__(self, runner: WarmRunner, way: Way) -> None:
        self.ground = runner.ground
        self._runner = runner
        self._way = way
        self._collector = Collector(runner.base, runner.config)

    def launch(self, order: Order) -> Ran:
        self._runner.until_warm()
        ask = Ask(run=order.token, isolation=WAYS[self._way], limits=self._runner.limits)
        lines: list[str] = []
        root: Path | None = None
        try:
            with visit(self._runner.socket, ask, threading.Event()) as place:
                root = Path(place.placed.slot)
                if place.placed.way is not self._way:
                    why = f"it went the {place.placed.way} way: {place.placed.reason}"
                    return Ran(unstarted=why, failure=why)
                with Scratch.opened(root) as folder:
                    ran = self._run(order, folder, place, lines)
        except StepFailed as failed:
            ran = Ran(Reason.LOST, code=None, failure=text_of(failed.failure))
        return replace(ran, log=tuple(lines), folder_left=root is not None and not _gone(root))

    def _run(self, order: Order, folder: Scratch, place: Visit, lines: list[str]) -> Ran:
        def log(line: str, _: LogStream) -> None:
            if len(lines) < MAX_LOG:
                lines.append(line)

        write_probe(folder.program, order.probe.text, order.told(folder.root), folder.work)
        order.started(folder.root)
        began = time.monotonic()
        arguments = ("--output", str(folder.output))
        ended = place.go(Go(arguments=arguments), log=log, numbers=lambda _: None)
        seconds = time.monotonic() - began
        order.look(folder.root)
        if ended.lost:
            said = text_of(failures.engine_lost(ended.lost))
            return Ran(ended.reason, ended.code, ended.signal, seconds, failure=said)
        ran = self._collector.read(ended, folder, order.limits, order.token, lines)
        return replace(ran, seconds=seconds)


def _gone(root: Path) -> bool:
    """The runner removes the folder when we have hung up."""
    give_up = time.monotonic() + _GONE
    while os.path.lexists(root):
        if time.monotonic() > give_up:
            return False
        time.sleep(0.05)
    return True
