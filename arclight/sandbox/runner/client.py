"""The executor's side: a place for one program, its run, its end."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.sandbox.caged import Log
from arclight.sandbox.runner.channel import Channel, Closed, connect
from arclight.sandbox.runner.protocol import (
    Ask,
    Ended,
    Go,
    Health,
    Line,
    Numbers,
    Placed,
    Refused,
    Status,
)

RUNNER_PATIENCE = 60.0
"""Seconds that a runner gets to come up: it is started at the same time as the executor, and again
within seconds when it dies. Its engines need not be warm for it to listen."""
TICK = 0.2
"""Seconds between two looks at the cancel flag."""


class Visit:
    """One program's time in a runner."""

    def __init__(self, channel: Channel, placed: Placed, cancelled: threading.Event) -> None:
        self.placed = placed
        self._channel = channel
        self._cancelled = cancelled

    def go(self, go: Go, *, log: Log, numbers: Callable[[Numbers], None]) -> Ended:
        """Run what lies in the slot to its end. Raises StepFailed when the runner is lost."""
        self._channel.send(go)
        while True:
            said = _next(self._channel, self._cancelled)
            match said:
                case Line():
                    log(said.text, said.stream)
                case Numbers():
                    numbers(said)
                case Ended():
                    return said
                case Refused():
                    raise StepFailed(_refused(said))


@contextmanager
def visit(path: Path, ask: Ask, cancelled: threading.Event) -> Iterator[Visit]:
    """A place for one program in the runner at `path`; leaving it frees the place.

    Raises StepFailed: kind `infrastructure` when the runner cannot be reached or is lost, kind
    `cancelled`, or what the runner refuses with.
    """
    with _connected(path, cancelled) as channel:
        try:
            channel.send(ask)
            said = _next(channel, cancelled)
            if isinstance(said, Refused):
                raise StepFailed(_refused(said))
            if not isinstance(said, Placed):
                raise Closed
            yield Visit(channel, said, cancelled)
        except Closed:
            raise StepFailed(runner_lost()) from None


def health(path: Path) -> Health | None:
    """How the runner at `path` is; None when none answers."""
    try:
        with connect(path) as channel:
            channel.send(Status())
            said = channel.receive(5.0)
            return said if isinstance(said, Health) else None
    except (OSError, Closed):
        return None


def _connected(path: Path, cancelled: threading.Event) -> Channel:
    give_up = time.monotonic() + RUNNER_PATIENCE
    while True:
        try:
            return connect(path)
        except OSError as error:
            if time.monotonic() > give_up:
                raise StepFailed(_unreachable(path, error)) from error
            if cancelled.wait(TICK):
                raise StepFailed(_cancelled()) from None


def _next(channel: Channel, cancelled: threading.Event) -> object:
    while True:
        said = channel.receive(TICK)
        if said is not None:
            return said
        if cancelled.is_set():
            # Hanging up is the order to kill; the runner needs no goodbye.
            raise StepFailed(_cancelled())


def _cancelled() -> Failure:
    return Failure(kind=FailureKind.CANCELLED, code="CANCELLED", message="The run was cancelled.")


def runner_lost() -> Failure:
    """The runner ended while a program was running in it."""
    return Failure(
        kind=FailureKind.INFRASTRUCTURE,
        code="RUNNER_LOST",
        message="The runner that holds the programs ended during the run.",
        hint="The run starts again as soon as the runner is back. Its log says why it ended.",
    )


def _unreachable(path: Path, error: OSError) -> Failure:
    return Failure(
        kind=FailureKind.INFRASTRUCTURE,
        code="RUNNER_UNREACHABLE",
        message=f"No runner answers at {path}: {error.strerror or error}.",
        hint="`arclight doctor` says whether programs can run here; the runner's log says more.",
    )


def _refused(said: Refused) -> Failure:
    return Failure(kind=FailureKind.REQUEST, code=said.code, message=said.message, hint=said.hint)
