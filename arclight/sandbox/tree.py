"""The processes of one run, seen from the worker: how much memory, and how to end them all."""

import os
from collections.abc import Iterable

import psutil

from arclight.sandbox.usage import nameless

MARKER = "ARCLIGHT_RUN"
"""Environment variable that every process of a run inherits."""

_GONE = (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess)


def below(supervisor: psutil.Process) -> list[psutil.Process]:
    """Live processes below the supervisor, which adopts every orphan of the run."""
    try:
        return supervisor.children(recursive=True)
    except _GONE:
        return []


def memory(processes: Iterable[psutil.Process], limit: int, hidden: int | None = None) -> int:
    """Bytes that the processes hold together, of them `hidden` in files without a name; these are
    looked for when it is None.

    Resident sizes count shared pages once per process: cheap and never too low. Only when they
    exceed the limit are the pages of each process divided among those that share them.
    """
    processes = list(processes)
    if hidden is None:
        hidden = nameless(p.pid for p in processes).memory
    resident = sum(_resident(p) for p in processes)
    if hidden:
        # What is mapped of them is in the sizes already.
        resident += max(0, hidden - sum(_shared_memory(p.pid) for p in processes))
    if resident <= limit:
        return resident
    shares = [_proportional(p) for p in processes]
    beyond = max(0, hidden - sum(shared for _, shared in shares))
    return sum(own for own, _ in shares) + beyond


def marked(run: str) -> set[psutil.Process]:
    """Processes that carry the run's marker, wherever they hang in the tree.

    Needed only when the supervisor itself was killed: reads every process's environment.
    """
    found = set()
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARKER) == run:
                found.add(process)
        except (*_GONE, OSError):
            continue
    found.discard(psutil.Process(os.getpid()))
    return found


def end(processes: Iterable[psutil.Process], run: str) -> int:
    """Kill these, all below them and all that carry the marker; how many were alive.

    psutil leaves a process alone whose id was given to another in the meantime.
    """
    known = set(processes)
    killed: set[psutil.Process] = set()
    for _ in range(20):  # Each round takes those that the ones before started meanwhile.
        alive = {p for p in _families(known) | marked(run) if _alive(p)}
        if not alive:
            break
        for process in alive:
            try:
                process.kill()
            except _GONE:
                continue
        psutil.wait_procs(alive, timeout=0.5)
        killed |= alive
        known |= alive
    return len(killed)


def _families(roots: Iterable[psutil.Process]) -> set[psutil.Process]:
    found = set(roots)
    for root in list(found):
        found.update(below(root))
    return found


def _alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except _GONE:
        return False


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except _GONE:
        return 0


def _proportional(process: psutil.Process) -> tuple[int, int]:
    """(all, of that in shared memory), with shared pages divided among those that share them."""
    found = _kilobytes(f"/proc/{process.pid}/smaps_rollup", b"Pss:", b"Pss_Shmem:")
    if found[0]:
        return found[0], found[1]
    return _resident(process), _shared_memory(process.pid)


def _shared_memory(pid: int) -> int:
    return _kilobytes(f"/proc/{pid}/status", b"RssShmem:")[0]


def _kilobytes(path: str, *names: bytes) -> list[int]:
    """Bytes of these lines of a file of the kernel; 0 for those that are not there."""
    try:
        with open(path, "rb") as f:
            lines = [line.split() for line in f]
    except OSError:
        return [0] * len(names)
    found = {line[0]: int(line[1]) * 1024 for line in lines if line and line[0] in names}
    return [found.get(name, 0) for name in names]
