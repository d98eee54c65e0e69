"""The runner's socket: one thread per connection, one program per connection."""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from arclight.contracts.failure import StepFailed
from arclight.contracts.names import Isolation, LogStream
from arclight.runtime.telemetry import logger
from arclight.sandbox.cage.tier import Cage, Tier
from arclight.sandbox.logs import FullLog
from arclight.sandbox.runner.channel import Channel, Closed, Door
from arclight.sandbox.runner.place import Listener, Outcome, Place, Provider
from arclight.sandbox.runner.protocol import (
    Ask,
    Ended,
    Go,
    Health,
    KeptLog,
    Line,
    Placed,
    Refused,
    Status,
)
from arclight.sandbox.scratch import remove

log = logger()

TICK = 0.5
"""Seconds between two looks at the pools."""
PATIENCE = 0.25
"""Seconds between two looks whether the other side is still there while it waits for a place."""


class Runner:
    """Serves programs until it is told to stop."""

    def __init__(
        self,
        door: Door,
        cage: Cage,
        own: Provider,
        shared: Provider | None,
        *,
        most: int,
        logs: Path,
        on_tick: Callable[[], object] = lambda: None,
    ) -> None:
        """`most` programs run at a time. `logs` is a folder that no cage shows."""
        self._on_tick = on_tick
        self._door = door
        self._cage = cage
        self._own = own
        self._shared = shared
        self._gate = threading.Semaphore(most)
        self._logs = logs
        self._running = 0
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._channels: set[Channel] = set()

    def serve(self, stopping: threading.Event) -> None:
        """Blocks until `stopping`; then ends everything that runs."""
        server = self._door.listen()
        server.settimeout(TICK)
        keeper = threading.Thread(target=self._keep, name="keeper", daemon=True)
        keeper.start()
        log.info("listening", path=str(self._door.path), tier=str(self._cage.tier))
        try:
            while not stopping.is_set():
                with contextlib.suppress(TimeoutError):
                    connection, _ = server.accept()
                    self._take(connection)
        finally:
            self._stopping.set()
            server.close()
            self._door.close()
            for channel in list(self._channels):
                # Whoever waits for a program learns that it will not end well.
                channel.close()
            keeper.join(30)
            for thread in self._threads:
                thread.join(10)
            for provider in self._providers:
                provider.close()

    def once_idle(self, task: Callable[[], object], seconds: float) -> None:
        """Call `task` once, in a thread, when all is warm and nothing ran for `seconds`."""

        def wait() -> None:
            quiet = 0.0
            while quiet < seconds:
                if self._stopping.wait(TICK):
                    return
                idle = self._running == 0 and all(p.warm for p in self._providers)
                quiet = quiet + TICK if idle else 0.0
            task()

        threading.Thread(target=wait, name="once-idle", daemon=True).start()

    @property
    def _providers(self) -> Sequence[Provider]:
        return [p for p in (self._shared, self._own) if p is not None]

    def _keep(self) -> None:
        while not self._stopping.wait(TICK):
            self._on_tick()
            for provider in self._providers:
                try:
                    provider.tick()
                except Exception:
                    # The next tick tries again; programs that run are not touched.
                    log.exception("looking after the engines failed")

    def _take(self, connection: socket.socket) -> None:
        self._threads = [t for t in self._threads if t.is_alive()]
        thread = threading.Thread(target=self._speak, args=(connection,), daemon=True)
        thread.start()
        self._threads.append(thread)

    def _speak(self, connection: socket.socket) -> None:
        if not self._door.admits(connection):
            connection.close()
            return
        with Channel(connection) as channel, contextlib.suppress(Closed):
            self._channels.add(channel)
            try:
                said = channel.receive()
                if isinstance(said, Status):
                    channel.send(self._health())
                elif isinstance(said, Ask):
                    self._serve_one(channel, said)
            finally:
                self._channels.discard(channel)

    def _health(self) -> Health:
        states = {k: v for p in self._providers for k, v in p.states.items()}
        return Health(
            warm=all(p.warm for p in self._providers),
            tier=str(self._cage.tier),
            missing=tuple(layer.name for layer in self._cage.layers if not layer.held),
            running=self._running,
            engines=states,
        )

    def _serve_one(self, channel: Channel, ask: Ask) -> None:
        began = time.monotonic()
        while not self._gate.acquire(timeout=PATIENCE):
            # Nothing is said while waiting, so anything that comes is the end.
            if self._stopping.is_set() or channel.receive(0) is not None:
                return
        self._count(1)
        try:
            self._run(channel, ask, time.monotonic() - began)
        except StepFailed as failed:
            failure = failed.failure
            channel.send(Refused(code=failure.code, message=failure.message, hint=failure.hint))
        finally:
            self._count(-1)
            self._gate.release()

    def _count(self, by: int) -> None:
        with self._lock:
            self._running += by

    def _run(self, channel: Channel, ask: Ask, wait: float) -> None:
        place = self._place(ask)
        logs = self._logs / place.folder.name
        try:
            logs.mkdir(mode=0o700)
            channel.send(
                Placed(
                    slot=str(place.folder),
                    way=place.way,
                    reason=place.reason,
                    tier=str(self._cage.tier),
                    layers=tuple(layer.name for layer in self._cage.layers if layer.held),
                    granted=self._cage.tier >= Tier.T3,
                    wait=wait,
                )
            )
            go = channel.receive()
            if isinstance(go, Go):
                gone = _until_gone(channel)
                _follow(channel, place, go, ask, logs, gone)
                # The executor collects; the slot must stay until it hangs up.
                gone.wait()
        finally:
            place.close()
            remove(logs)

    def _place(self, ask: Ask) -> Place:
        if self._shared is not None and ask.isolation is Isolation.SHARED:
            place = self._shared.place(ask)
            if not isinstance(place, str):
                return place
            ask = ask.model_copy(update={"reason": place})
        place = self._own.place(ask)
        assert not isinstance(place, str)
        return place


def _until_gone(channel: Channel) -> threading.Event:
    """Set when the executor hangs up, or says anything at all: it has nothing more to say."""
    gone = threading.Event()

    def listen_to_it() -> None:
        with contextlib.suppress(Closed):
            channel.receive()
        gone.set()

    threading.Thread(target=listen_to_it, name="until-gone", daemon=True).start()
    return gone


def _follow(
    channel: Channel, place: Place, go: Go, ask: Ask, logs: Path, gone: threading.Event
) -> None:
    full = {
        stream: FullLog(logs / f"{stream}.log", ask.limits.full_log)
        for stream in (LogStream.STDOUT, LogStream.STDERR)
    }
    outcome = place.run(go, _listener(channel, full, gone))
    log.info(
        "run ended",
        run=ask.run,
        way=place.way,
        reason=outcome.exit.reason,
        code=outcome.exit.code,
        seconds=round(outcome.exit.seconds, 3),
        max_memory=outcome.exit.max_memory,
        survivors=outcome.exit.survivors,
        lost=outcome.lost,
    )
    channel.send(_ended(outcome, full))


def _listener(
    channel: Channel, full: dict[LogStream, FullLog], cancelled: threading.Event
) -> Listener:
    def say(text: str, stream: LogStream) -> None:
        with contextlib.suppress(Closed):
            channel.send(Line(text=text, stream=stream))

    def count(numbers: object) -> None:
        with contextlib.suppress(Closed):
            channel.send(numbers)  # type: ignore[arg-type]

    return Listener(log=say, numbers=count, full=full, cancelled=cancelled)


def _ended(outcome: Outcome, full: dict[LogStream, FullLog]) -> Ended:
    ended = outcome.exit
    return Ended(
        reason=ended.reason,
        code=ended.code,
        signal=ended.signal,
        seconds=ended.seconds,
        max_memory=ended.max_memory,
        survivors=ended.survivors,
        stdout=ended.stdout,
        log_cut=ended.log_cut,
        lost=outcome.lost,
        logs=tuple(
            KeptLog(stream=stream, path=os.fspath(kept.path), bytes=kept.bytes, cut=kept.cut)
            for stream, kept in full.items()
            if kept.bytes
        ),
    )
