"""The machine before and after a run: settings of the kernel, and traces of a token."""

import contextlib
import ctypes
import errno
import fcntl
import os
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from arclight.sandbox.redteam import processes

_SETTINGS = (
    "kernel/core_pattern",
    "kernel/hostname",
    "kernel/domainname",
    "kernel/pid_max",
    "kernel/modprobe",
    "kernel/randomize_va_space",
    "vm/overcommit_memory",
    "fs/protected_hardlinks",
)
_CLOCK_SLACK = 30.0
"""Seconds. A clock that is being set right by a time service moves less."""
_GET_FLAGS, _SET_FLAGS = 0x80086601, 0x40086602
CGROUPS = Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Machine:
    """Settings of the kernel at one moment."""

    settings: tuple[tuple[str, bytes], ...]
    clock: float
    """Wall clock less the clock that cannot be set."""
    mounts: int
    """Mounts in our own name space."""

    @classmethod
    def now(cls) -> "Machine":
        return cls(
            settings=tuple((n, processes.data(f"/proc/sys/{n}")) for n in _SETTINGS),
            clock=time.time() - time.monotonic(),
            mounts=processes.data("/proc/self/mountinfo").count(b"\n"),
        )

    def changes(self, later: "Machine") -> Iterator[str]:
        """What is different later, in parts of sentences."""
        for (name, before), (_, after) in zip(self.settings, later.settings, strict=True):
            if before != after:
                yield f"{name} was {before!r} and is {after!r}"
        if abs(later.clock - self.clock) > _CLOCK_SLACK:
            yield f"the clock moved by {later.clock - self.clock:+.0f} s"
        if later.mounts > self.mounts:
            yield f"{later.mounts - self.mounts} mounts more than before"


class KernelLog:
    """What is written into the kernel's log from now on, where that may be read."""

    def __init__(self) -> None:
        self._fd: int | None = None
        with contextlib.suppress(OSError):
            self._fd = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK)
            os.lseek(self._fd, 0, os.SEEK_END)

    def has(self, token: str) -> bool:
        """The token was written. Asked once."""
        said = b""
        while self._fd is not None:
            try:
                said += os.read(self._fd, 8192)
            except BlockingIOError:
                break
            except OSError as error:
                if error.errno != errno.EPIPE:  # Overwritten meanwhile: read on.
                    break
        return token.encode() in said

    def close(self) -> None:
        if self._fd is not None:
            os.close(self._fd)


def places(outside: Path, ground: Path, neighbour: Path, home: Path) -> tuple[Path, ...]:
    """Folders in which a program could leave something."""
    installed = (Path(sysconfig.get_path(n)) for n in ("purelib", "stdlib", "scripts"))
    temporary = (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"))
    below = (neighbour / name for name in ("", "work", "program", "tmp"))
    return (outside, ground, *below, home, *installed, *sources(), *temporary)


def sources() -> tuple[Path, ...]:
    """Folders of our own source."""
    root = Path(__file__).parents[2]
    return root, root.parent / "services"


def traces(token: str, folders: Iterable[Path]) -> list[Path]:
    """Whatever carries the token in its name."""
    found: dict[Path, None] = {}
    for folder in folders:
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if token in entry.name:
                    found[Path(entry.path).resolve().parent / entry.name] = None
    return list(found)


def groups(token: str) -> list[Path]:
    """Control groups with the token in their name."""
    return traces(token, (CGROUPS, *CGROUPS.glob("*/")))


def keys(token: str) -> bool:
    """The kernel keeps a key with the token, as far as we can see."""
    return token.encode() in processes.data("/proc/keys")


def segment(key: int) -> int | None:
    """Number of the System V segment with this key; None when there is none."""
    for line in processes.data("/proc/sysvipc/shm").splitlines()[1:]:
        fields = line.split()
        if int(fields[0]) == key:
            return int(fields[1])
    return None


def sweep(token: str, key: int, folders: Sequence[Path]) -> None:
    """Remove all that a run left, however it resists."""
    for path in traces(token, folders):
        remove(path)
    for group in groups(token):
        with contextlib.suppress(OSError):
            group.rmdir()
    if (number := segment(key)) is not None:
        ctypes.CDLL(None).shmctl(number, 0, None)


def remove(path: Path) -> None:
    """Also what has no rights, is fixed, or lies deeper than a path may be long."""
    if path.is_dir() and not path.is_symlink():
        for folder, _, files in os.walk(path):
            for name in files:
                _loosen(os.path.join(folder, name))
    else:
        _loosen(str(path))
    subprocess.run(["chmod", "-R", "u+rwx", str(path)], capture_output=True)
    subprocess.run(["rm", "-rf", "--one-file-system", str(path)], capture_output=True)


def _loosen(path: str) -> None:
    with contextlib.suppress(OSError):
        if os.path.islink(path) or not os.path.isfile(path):
            return
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            flags = bytearray(8)
            fcntl.ioctl(fd, _GET_FLAGS, flags)
            if flags[0] & 0x10:
                flags[0] &= ~0x10
                fcntl.ioctl(fd, _SET_FLAGS, bytes(flags))
        finally:
            os.close(fd)
