"""Looks at all runs of the corpus from outside while they run, ten times a second."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from arclight.sandbox.limits import Limits
from arclight.sandbox.redteam import processes
from arclight.sandbox.redteam.observation import Held, Peak
from arclight.sandbox.redteam.processes import Seen

EVERY = 0.1
"""Seconds between two looks. A program that wants to be seen holds still for 1.5 s."""
SIGN = "arcprobe-sign"
"""Name that a process gives itself when it holds still to be looked at."""
ALLOWED = 3
"""Highest descriptor that a program is given: the control socket."""
_DOUBT = 30
"""Looks at which a process may still turn out to belong to a run: it may not have exec'd yet."""
_OBJECTS = {
    "anon_inode:[perf_event]": "a performance counter",
    "anon_inode:bpf": "an object of the kernel's program machine",
    "anon_inode:[userfaultfd]": "a handler of page faults",
    "anon_inode:[io_uring]": "a ring for system calls",
}


@dataclass
class Track:
    """One run under observation; filled while it runs."""

    token: str
    limits: Limits
    metadata: str
    folder: Path | None = None
    slot: str = ""
    """Name of the run's folder: a process that was there before the run knows no token."""
    bystander: int | None = None
    members: dict[tuple[int, int], str] = field(default_factory=dict)
    peak: dict[str, int] = field(default_factory=dict)
    kernel: set[str] = field(default_factory=set)
    contacts: set[str] = field(default_factory=set)
    harm: set[str] = field(default_factory=set)
    _descriptors: dict[tuple[int, int], set[str]] = field(default_factory=dict)
    _raised: set[str] = field(default_factory=set)
    _places: dict[tuple[int, int], dict[str, str]] = field(default_factory=dict)
    _moved: set[str] = field(default_factory=set)

    @property
    def held(self) -> Held | None:
        """What was seen of those that held still."""
        if not self._descriptors:
            return None
        every = set().union(*self._descriptors.values())
        return Held(tuple(sorted(every)), tuple(sorted(self._raised)), tuple(sorted(self._moved)))

    @property
    def marks(self) -> tuple[bytes, ...]:
        """What its processes carry in their environments or command lines."""
        return tuple(text.encode() for text in (self.token, self.slot) if text)

    @property
    def most(self) -> Peak:
        return Peak(**self.peak)

    def alive(self) -> list[Seen]:
        """Processes of the run that are there now."""
        found = (processes.one(pid) for pid, _ in list(self.members))
        return [seen for seen in found if seen is not None and seen.key in self.members]

    def look(self, seen: Iterable[Seen], tick: int) -> None:
        """One look at the processes of this run."""
        mine = list(seen)
        memory = sum(s.resident for s in mine)
        if memory > self.limits.memory:
            memory = sum(processes.shared_fairly(s.pid) for s in mine)
        self._raise("memory", memory)
        self._raise("processes", len(mine))
        self._raise("threads", sum(s.threads for s in mine))
        self._look_at_files(mine)
        for s in mine:
            if s.name == SIGN:
                self._look_close(s)
            if processes.open_to(s.pid, self.metadata):
                self.contacts.add(self.metadata)
        if self.folder is not None and tick % 2 == 0:
            self.measure(self.folder)
        self._look_at_bystander()

    def measure(self, folder: Path) -> None:
        """What lies in the run's folder now."""
        use = processes.usage(folder)
        for name in ("disk", "entries", "largest"):
            self._raise(name, getattr(use, name))

    def _raise(self, name: str, value: int) -> None:
        self.peak[name] = max(value, self.peak.get(name, 0))

    def _look_at_files(self, mine: Iterable[Seen]) -> None:
        hidden: dict[tuple[int, int], int] = {}
        unlinked: dict[tuple[int, int], int] = {}
        for s in mine:
            for number, target in processes.descriptors(s.pid).items():
                for prefix, what in _OBJECTS.items():
                    if target.startswith(prefix):
                        self.kernel.add(what)
                if target.startswith(("/memfd:", "/dev/shm/")):
                    file, size = processes.size_behind(s.pid, number)
                    hidden[file] = size
                elif target.endswith(" (deleted)"):
                    file, size = processes.size_behind(s.pid, number)
                    unlinked[file] = size
        self._raise("hidden", sum(hidden.values()))
        self._raise("disk", sum(unlinked.values()))

    def _look_close(self, s: Seen) -> None:
        open_now = {
            f"{number} -> {target}"
            for number, target in processes.descriptors(s.pid).items()
            if number > ALLOWED and not target.endswith("/comm")
        }
        # What is open at every look was given; what comes and goes, the interpreter opens.
        self._descriptors[s.key] = self._descriptors.get(s.key, open_now) & open_now
        for name, most in (
            ("Max open files", self.limits.open_files),
            ("Max file size", self.limits.file_size),
            ("Max core file size", 0),
        ):
            soft, hard = processes.limits(s.pid).get(name, (0.0, 0.0))
            if max(soft, hard) > most:
                self._raised.add(f"{name.lower()} is {max(soft, hard):,.0f}, {most:,} was given")
        score = int(processes.data(f"/proc/{s.pid}/oom_score_adj") or 1000)
        if score < 1000:
            self._raised.add(f"its score for the kernel's killer is {score}, 1000 was given")
        if s.nice < os.getpriority(os.PRIO_PROCESS, 0) or s.policy != os.SCHED_OTHER:
            self._raised.add(f"its priority is {s.nice} with policy {s.policy}")
        self._look_at_places(s)

    def _look_at_places(self, s: Seen) -> None:
        places = {
            "user name space": processes.link(f"/proc/{s.pid}/ns/user"),
            "network name space": processes.link(f"/proc/{s.pid}/ns/net"),
            "root folder": processes.link(f"/proc/{s.pid}/root"),
        }
        before = self._places.setdefault(s.key, places)
        self._moved |= {name for name in places if places[name] and places[name] != before[name]}
        if self.token.encode() in processes.data(f"/proc/{s.pid}/cgroup"):
            self._raised.add("it moved to a control group that it made")

    def _look_at_bystander(self) -> None:
        if self.bystander is None:
            return
        status = processes.status(self.bystander)
        if status.get("TracerPid", "0") != "0":
            self.harm.add("got a debugger")
        if status.get("State", "").startswith("T"):
            self.harm.add("was stopped by a signal")


class Witness:
    """The one thread that looks."""

    def __init__(self) -> None:
        self._tracks: dict[str, Track] = {}
        self._doubts: dict[tuple[int, int], int] = {}
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, name="witness", daemon=True)
        self._thread.start()

    def track(self, track: Track) -> Track:
        """From now on, look at this run too."""
        with self._lock:
            self._tracks[track.token] = track
        return track

    def drop(self, track: Track) -> None:
        with self._lock:
            self._tracks.pop(track.token, None)

    def close(self) -> None:
        self._done.set()
        self._thread.join(5.0)

    def _run(self) -> None:
        tick = 0
        while not self._done.wait(EVERY):
            tick += 1
            with self._lock:
                tracks = list(self._tracks.values())
                # A process may be gone at any moment; the next look sees what is there then.
                with contextlib.suppress(OSError, ValueError, IndexError):
                    self._look(tracks, tick)

    def _look(self, tracks: list[Track], tick: int) -> None:
        everybody = {seen.pid: seen for seen in processes.everybody()}
        for seen in everybody.values():
            self._assign(seen, everybody, tracks)
        for track in tracks:
            track.look([s for s in everybody.values() if s.key in track.members], tick)

    def _assign(self, seen: Seen, everybody: dict[int, Seen], tracks: list[Track]) -> None:
        if any(seen.key in track.members for track in tracks):
            return
        parent = everybody.get(seen.parent)
        looks = self._doubts.get(seen.key, 0)
        for track in tracks:
            child = parent is not None and parent.key in track.members
            if child or (looks < _DOUBT and processes.marked(seen.pid, track.marks)):
                track.members[seen.key] = seen.name
                return
        self._doubts[seen.key] = looks + 1


def found(track: Track, looks: int = 3) -> list[Seen]:
    """What is alive of a run; several looks, since some live for milliseconds."""
    for _ in range(looks):
        if left := track.alive() or _strays(track):
            return left
        time.sleep(0.01)
    return []


def end(track: Track, patience: float = 3.0) -> None:
    """End what a run left, by its number and start only."""
    until = time.monotonic() + patience
    while (left := [*track.alive(), *_strays(track)]) and time.monotonic() < until:
        for seen in left:
            with contextlib.suppress(OSError):
                os.kill(seen.pid, signal.SIGKILL)
        time.sleep(0.02)


def _strays(track: Track) -> list[Seen]:
    marks, mine = track.marks, os.getpid()
    return [s for s in processes.everybody() if s.pid != mine and processes.marked(s.pid, marks)]
