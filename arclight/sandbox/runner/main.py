"""The process of one runner, whichever engine it is for."""

import contextlib
import resource
import signal
import threading
from collections.abc import Callable
from pathlib import Path

from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.contracts.names import Isolation
from arclight.runtime.alive import sign
from arclight.runtime.artifacts import artifacts_at
from arclight.runtime.ceiling import ceiling
from arclight.runtime.settings import Settings
from arclight.runtime.telemetry import configure, logger
from arclight.sandbox.cage.detect import CageRefused, detect
from arclight.sandbox.cage.tier import Cage, Layer, Tier
from arclight.sandbox.grant import uploads_of
from arclight.sandbox.limits import Limits
from arclight.sandbox.runner.channel import Door
from arclight.sandbox.runner.engine import Engine
from arclight.sandbox.runner.own import OwnCages
from arclight.sandbox.runner.paths import ground_of, socket_of
from arclight.sandbox.runner.place import Place, Provider
from arclight.sandbox.runner.process import House, Uids
from arclight.sandbox.runner.protocol import Ask
from arclight.sandbox.runner.server import Runner
from arclight.sandbox.scratch import Ground

log = logger()

IDLE = 20.0
"""Seconds without a program after which the runner does what can wait."""

Shared = Callable[[House, Limits], Provider]
"""Makes the provider of places in a shared engine."""


def serve(
    engine: Engine,
    shared: Shared,
    *,
    one_shots: int,
    config: Settings,
    uids: int = 0,
    when_idle: Callable[[], object] | None = None,
) -> None:
    """Serve programs of `engine` until SIGTERM. `one_shots` warmed processes wait for programs.

    `when_idle` is called once, in a thread, when everything is warm and nothing runs. `uids` tells
    the users of its programs from those of other runners, where this one is root.
    """
    configure(config, f"runner_{engine.name}")
    # Each caged process holds a handful of pipes, and a burst opens many connections.
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 16_384), hard))
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    config.scratch_dir.mkdir(parents=True, exist_ok=True, mode=0o711)
    ground = Ground(ground_of(config, engine.name))
    try:
        runner = build(engine, shared, one_shots, config, ground, uids)
        if when_idle is not None:
            runner.once_idle(when_idle, IDLE)
        runner.serve(stopping)
    finally:
        ground.close()


def build(
    engine: Engine,
    shared: Shared,
    one_shots: int,
    config: Settings,
    ground: Ground,
    uids: int = 0,
) -> Runner:
    """The runner of an installation; one that refuses every program where nothing can hold it."""
    door = Door.make(socket_of(config, engine.name))
    logs = ground.folder("logs", mode=0o700)

    def sign_of_life() -> None:
        sign(config, f"runner_{engine.name}")

    try:
        cage = detect(allow_uncaged=config.allow_uncaged)
    except CageRefused as refused:
        log.error("no program will be run", reason=str(refused))
        none = Refusing(refused)
        return Runner(door, _NONE, none, None, most=1, logs=logs, on_tick=sign_of_life)
    for layer in cage.layers:
        if not layer.held:
            log.warning("a layer of the cage is missing", layer=layer.name, cure=layer.cure)
    limits = default_limits(config)
    first = None if cage.uid is None else cage.uid + uids
    house = House(ground, cage, _uploads(config), Uids(first))
    own = OwnCages(house, engine, limits, one_shots, lazy=config.lazy)
    sharing = shared(house, limits) if config.isolation is Isolation.SHARED else None
    most = config.slots
    return Runner(door, cage, own, sharing, most=most, logs=logs, on_tick=sign_of_life)


def _uploads(config: Settings) -> Path:
    """Made here when it is missing: what is started before the first upload must see it too."""
    uploads = uploads_of(artifacts_at(config.artifact_root))
    with contextlib.suppress(OSError):  # Read-only here: then somebody else makes it.
        uploads.mkdir(parents=True, exist_ok=True)
    return uploads


def default_limits(config: Settings) -> Limits:
    """The limits of a program that asks for nothing, under which engines are warmed."""
    most = ceiling(config)
    assert most.wall is not None
    return Limits(
        wall=most.wall,
        memory=config.run_memory,
        cores=config.run_cores,
        output=config.run_output,
    )


_NONE = Cage(Tier.T0, (Layer("all", False, "Nothing holds a program here."),))


class Refusing:
    """The provider of an installation that cannot hold programs: it says why, to every job."""

    warm = True
    states: dict[str, str] = {}  # noqa: RUF012

    def __init__(self, refused: CageRefused) -> None:
        self._failure = Failure(
            kind=FailureKind.REQUEST,
            code="NO_CAGE",
            message="No program is run here: nothing on this machine can hold it.",
            hint=str(refused),
        )

    def place(self, ask: Ask) -> Place | str:
        raise StepFailed(self._failure)

    def tick(self) -> None:
        """Nothing is warm."""

    def close(self) -> None:
        """Nothing runs."""
