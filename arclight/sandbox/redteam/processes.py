"""Processes as the kernel shows them, from outside. Linux only; nothing here raises OSError."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
_BLOCK = 512


@dataclass(frozen=True)
class Seen:
    """One process at one look. Its start makes the number unique."""

    pid: int
    parent: int
    start: int
    name: str
    state: str
    threads: int
    nice: int
    policy: int
    resident: int

    @property
    def key(self) -> tuple[int, int]:
        return self.pid, self.start


def everybody() -> Iterator[Seen]:
    """All processes that are not zombies or threads of the kernel."""
    for name in os.listdir("/proc"):
        if name.isdigit() and (seen := one(int(name))) is not None:
            yield seen


def one(pid: int) -> Seen | None:
    """This process; None when there is none, or only what is left of it."""
    raw = data(f"/proc/{pid}/stat")
    if not raw:
        return None
    # The name stands in brackets and may hold anything, brackets too.
    head, _, tail = raw.rpartition(b")")
    fields = tail.split()
    state, parent = fields[0].decode(), int(fields[1])
    if state in "ZX" or parent == 2 or pid == 2:
        return None
    return Seen(
        pid=pid,
        parent=parent,
        start=int(fields[19]),
        name=head.partition(b"(")[2].decode(errors="replace"),
        state=state,
        threads=int(fields[17]),
        nice=int(fields[16]),
        policy=int(fields[38]),
        resident=int(fields[21]) * PAGE,
    )


def data(path: str) -> bytes:
    """The file, or nothing when it cannot be read."""
    try:
        with open(path, "rb") as f:
            return f.read()
    except OSError:
        return b""


def link(path: str) -> str:
    """Where the link leads, or nothing."""
    try:
        return os.readlink(path)
    except OSError:
        return ""


def marked(pid: int, marks: Sequence[bytes]) -> bool:
    """One of the marks stands in the process's environment or command line."""
    said = data(f"/proc/{pid}/environ") + b"\0" + data(f"/proc/{pid}/cmdline")
    return any(mark in said for mark in marks)


def descriptors(pid: int) -> dict[int, str]:
    """Number and target of everything that the process has open."""
    found = {}
    with contextlib.suppress(OSError):
        for name in os.listdir(f"/proc/{pid}/fd"):
            if target := link(f"/proc/{pid}/fd/{name}"):
                found[int(name)] = target
    return found


def size_behind(pid: int, number: int) -> tuple[tuple[int, int], int]:
    """((device, inode), bytes that are really taken) of a descriptor's file."""
    try:
        status = os.stat(f"/proc/{pid}/fd/{number}")
    except OSError:
        return (0, 0), 0
    return (status.st_dev, status.st_ino), status.st_blocks * _BLOCK


def limits(pid: int) -> dict[str, tuple[float, float]]:
    """Soft and hard limits by the kernel's names."""
    found = {}
    for line in data(f"/proc/{pid}/limits").decode().splitlines()[1:]:
        name, values = line[:26].strip(), line[26:].split()
        soft, hard = (float("inf") if v == "unlimited" else float(v) for v in values[:2])
        found[name] = (soft, hard)
    return found


def status(pid: int) -> dict[str, str]:
    """The lines of /proc/PID/status."""
    lines = data(f"/proc/{pid}/status").decode(errors="replace").splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def shared_fairly(pid: int) -> int:
    """Bytes of memory, with shared pages divided among those that share them."""
    for line in data(f"/proc/{pid}/smaps_rollup").splitlines():
        if line.startswith(b"Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def open_to(pid: int, address: str) -> bool:
    """The process holds a socket whose other end is the IPv4 `address`."""
    wanted = "".join(f"{int(part):02X}" for part in reversed(address.split(".")))
    held = {t[8:-1] for t in descriptors(pid).values() if t.startswith("socket:[")}
    for kind in ("tcp", "udp", "tcp6", "udp6"):
        for line in data(f"/proc/{pid}/net/{kind}").decode().splitlines()[1:]:
            fields = line.split()
            if fields[2].partition(":")[0].endswith(wanted) and fields[9] in held:
                return True
    return False


@dataclass
class Use:
    """What lies in a folder."""

    disk: int = 0
    entries: int = 0
    largest: int = 0


def usage(folder: Path, most: int = 50_000) -> Use:
    """Walks by open folders, since a path may be too long; at most `most` entries, no links."""
    use = Use()
    with contextlib.suppress(OSError):
        todo = [os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)]
        while todo:
            fd = todo.pop()
            if use.entries < most and len(todo) < 256:
                _count(fd, use, todo)
            os.close(fd)
    return use


def _count(fd: int, use: Use, todo: list[int]) -> None:
    with contextlib.suppress(OSError), os.scandir(fd) as entries:
        for entry in entries:
            use.entries += 1
            with contextlib.suppress(OSError):
                found = entry.stat(follow_symlinks=False)
                use.disk += found.st_blocks * _BLOCK
                if entry.is_dir(follow_symlinks=False):
                    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
                    todo.append(os.open(entry.name, flags, dir_fd=fd))
                elif entry.is_file(follow_symlinks=False):
                    use.largest = max(use.largest, found.st_size)
