"""Programs inside the cage of a shared engine, started by the engine's host process there.

The host is trusted code; what it starts is not. It gets the program's pipes and control socket with
the order, so that output and progress come straight to the runner.
"""

import contextlib
import json
import os
import socket
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from arclight.contracts.names import LogStream
from arclight.sandbox.caged import CANCEL_PATIENCE, GRACE, PATIENCE, Caged, Exit, Log
from arclight.sandbox.limits import Limits
from arclight.sandbox.logs import FullLog, Output, Quota
from arclight.sandbox.runner.member import Member
from arclight.sandbox.watch import TICK, Reason, Watch


class Host(Member):
    """The host process of a shared engine."""

    def __init__(self, folder: Path, held: Caged) -> None:
        self._guests: dict[str, Guest] = {}
        self._lock = threading.Lock()
        self.broken = ""
        """What the host said of an engine that died."""
        super().__init__(folder, held)
        self.on_message = self._news

    def spawn(self, folder: Path, argv: Sequence[str], env: Mapping[str, str], cwd: Path) -> Member:
        """A process beside the engine that waits for one program."""
        name = folder.name
        guest = Guest(name, self, folder)
        with self._lock:
            self._guests[name] = guest
        order = {"id": name, "env": dict(env), "cwd": str(cwd), "argv": list(argv)}
        guest.start({"spawn": order}, self.held.control)
        return Member(folder, guest)

    def forget_when_clean(self, guest: "Guest") -> None:
        """Its name is needed until the host has said what it cleared."""
        if guest.cleaned.is_set():
            with self._lock:
                self._guests.pop(guest.name, None)

    def _news(self, said: Mapping[str, Any]) -> None:
        if "broken" in said:
            self.broken = str(said["broken"])
            return
        for kind in ("exit", "cleaned"):
            news = said.get(kind)
            if isinstance(news, dict):
                with self._lock:
                    guest = self._guests.get(str(news.get("id")))
                if guest is not None:
                    guest.hear(kind, news)

    def _closed(self) -> None:
        """No host, no guests: their end is not reported by anybody else."""
        with self._lock:
            guests = list(self._guests.values())
        for guest in guests:
            guest.hear("lost", {})


class Guest:
    """One program's process inside the host's cage."""

    def __init__(self, name: str, host: Host, folder: Path) -> None:
        self.name = name
        self._host = host
        self._folder = folder
        self._over = threading.Event()
        self.cleaned = threading.Event()
        """Set when the host has cleared what the program left."""
        self.left = 0
        """Processes and actors that the host had to end after the program."""
        self.clear = True
        """False when the host could not clear everything."""
        self._exit: Mapping[str, Any] | None = None
        self.control, self._theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self._pipes = [os.pipe(), os.pipe()]
        out, err = (os.fdopen(read, "rb") for read, _ in self._pipes)
        self.output = Output(out, err)

    def start(self, order: Mapping[str, Any], host: socket.socket) -> None:
        """Send the order with the three descriptors; our copies of the program's ends go."""
        ends = [write for _, write in self._pipes]
        data = json.dumps(order).encode() + b"\n"
        try:
            socket.send_fds(host, [data], [*ends, self._theirs.fileno()])
        except OSError:
            self.hear("lost", {})
        finally:
            for end in ends:
                os.close(end)
            self._theirs.close()

    @property
    def over(self) -> bool:
        return self._over.is_set()

    def memory(self) -> int:
        """Not known: its workers are the engine's."""
        return 0

    def hear(self, kind: str, news: Mapping[str, Any]) -> None:
        """News of this process from its host; `lost` when the host is gone."""
        if kind == "cleaned":
            self.left += sum(int(news.get(k) or 0) for k in ("actors", "processes"))
            self.clear = not news.get("left")
            self.cleaned.set()
            self._host.forget_when_clean(self)
            return
        if kind == "exit" and self._exit is None:
            self._exit = news
        self._over.set()
        if kind == "lost":
            self.cleaned.set()

    def follow(
        self,
        limits: Limits,
        *,
        log: Log,
        cancelled: threading.Event,
        full: Mapping[LogStream, FullLog] = MappingProxyType({}),
    ) -> Exit:
        """As `Caged.follow`. Memory and processes are bounded for the whole cage, not for one."""
        quota = Quota(limits.log)
        self.output.pass_to(log, quota, full)
        watch = Watch(None, limits, self._folder, cancelled)
        reason = self._until_over_or_broken(watch)
        self.end()
        if quota.note:
            log(quota.note, LogStream.SYSTEM)
        if reason is Reason.ENDED and self._exit is None:
            reason = Reason.LOST
        elif reason is Reason.ENDED and watch.too_much_output():
            reason = Reason.OUTPUT
        ended = self._exit or {}
        return Exit(
            reason=reason,
            code=ended.get("code"),
            signal=ended.get("signal"),
            seconds=watch.seconds,
            max_memory=int(ended.get("max_rss") or 0),
            survivors=self.left,
            stdout=self.output.text,
            log_cut=quota.cut,
        )

    def end(self) -> int:
        """End it now; idempotent. Always 0: the host ends what is left, and says so later."""
        if not self.over:
            self._tell(0.0)
            self._over.wait(PATIENCE)
        # A worker of the engine may hold the pipe a little longer.
        self.output.join(0.5)
        with contextlib.suppress(OSError):
            self.control.shutdown(socket.SHUT_RDWR)
        self.control.close()
        self._host.forget_when_clean(self)
        return 0

    def _until_over_or_broken(self, watch: Watch) -> Reason:
        while not self._over.wait(TICK):
            broken = watch.look()
            if broken is None:
                continue
            self._tell(GRACE if broken in (Reason.WALL, Reason.CANCELLED) else 0.0)
            self._over.wait(CANCEL_PATIENCE if broken is Reason.CANCELLED else PATIENCE)
            return broken
        return Reason.ENDED

    def _tell(self, grace: float) -> None:
        if not self._host.say({"end": {"id": self.name, "grace": grace}}):
            self.hear("lost", {})
