"""A runner with plain Python, and one visit to it."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from arclight.contracts.names import Isolation, LogStream
from arclight.runtime.settings import Settings
from arclight.sandbox.limits import Limits
from arclight.sandbox.runner.client import visit
from arclight.sandbox.runner.main import default_limits
from arclight.sandbox.runner.paths import socket_of
from arclight.sandbox.runner.protocol import Ask, Ended, Go, Numbers, Placed
from arclight.sandbox.scratch import Scratch
from tests.sandbox.running import PlainEngine, running


@dataclass
class Told:
    """What one program did, as the executor sees it."""

    placed: Placed
    ended: Ended
    lines: list[tuple[str, LogStream]] = field(default_factory=list)
    numbers: list[Numbers] = field(default_factory=list)


@dataclass
class Executor:
    """The other side of a runner."""

    config: Settings

    @property
    def limits(self) -> Limits:
        return default_limits(self.config)

    def ask(
        self,
        program: str,
        *,
        limits: Limits | None = None,
        fresh: str | None = None,
        cancelled: threading.Event | None = None,
        isolation: Isolation = Isolation.JOB,
        prepare: Callable[[Scratch], object] = lambda _: None,
        inputs: tuple[str, ...] = (),
    ) -> Told:
        cancelled = cancelled or threading.Event()
        ask = Ask(
            run="job_x:1:1",
            isolation=isolation,
            reason="a test",
            fresh=fresh,
            limits=limits or self.limits,
        )
        lines: list[tuple[str, LogStream]] = []
        numbers: list[Numbers] = []
        with visit(socket_of(self.config, PlainEngine.name), ask, cancelled) as place:
            folder = Scratch(Path(place.placed.slot), -1)
            folder.program.write_text(program)
            prepare(folder)
            ended = place.go(
                Go(arguments=("--output", str(folder.output)), inputs=inputs),
                log=lambda line, stream: lines.append((line, stream)),
                numbers=numbers.append,
            )
        return Told(place.placed, ended, lines, numbers)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runner")


@pytest.fixture(scope="module")
def executor(home: Path) -> Iterator[Executor]:
    config = Settings(home=home, scratch=home / "s", run_slots=2)
    with running(PlainEngine(), config, one_shots=1):
        yield Executor(config)
