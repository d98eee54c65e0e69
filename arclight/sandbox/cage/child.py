"""What the supervisor's child does between fork and exec to enter its cage.

Standard library only: loaded by path by the supervisor, which knows nothing else of the product.
Runs in a process with one thread. Everything here raises OSError, which the supervisor reports.
"""

import ctypes
import fcntl
import os
import resource
import socket
import struct
from typing import Any

_NEWNS, _NEWUTS, _NEWIPC, _NEWNET = 0x20000, 0x04000000, 0x08000000, 0x40000000
_NOSUID, _NODEV, _NOEXEC, _BIND, _REC, _PRIVATE = 2, 4, 8, 4096, 16384, 1 << 18
_RDONLY, _REMOUNT = 1, 32
_CAPBSET_DROP, _SECUREBITS, _NO_NEW_PRIVS = 24, 28, 38
_NOROOT_LOCKED = 0b1111
_CAPABILITIES_V3 = 0x20080522
_LAST_CAPABILITY = 63
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1


def own(paths: list[str], uid: int, gid: int) -> None:
    """Hand the run's folder over, before anything has run in it; links are not followed.

    The first path is the folder itself, the others its parts with all that is in them.
    """
    for number, path in enumerate(paths):
        os.chown(path, uid, gid, follow_symlinks=False)
        if number == 0:
            continue
        for folder, folders, files in os.walk(path):
            for name in (*folders, *files):
                os.chown(os.path.join(folder, name), uid, gid, follow_symlinks=False)


def keep(descriptors: list[tuple[int, int]]) -> None:
    """Put descriptors (from, to) in their places; every other one from 3 on is closed."""
    lifted = []
    highest = max((to for _, to in descriptors), default=2)
    for source, target in descriptors:
        lifted.append((fcntl.fcntl(source, fcntl.F_DUPFD, highest + 1), target))
    for source, target in lifted:
        os.dup2(source, target)
    wanted = {target for _, target in descriptors}
    for number in range(3, highest + 1):
        if number not in wanted:
            os.closerange(number, number + 1)
    os.closerange(highest + 1, _most_files())


def file_with(text: str) -> int:
    """A descriptor from which the text can be read once."""
    reader, writer = os.pipe()
    os.write(writer, text.encode())  # Far below the 64 KiB that a pipe holds.
    os.close(writer)
    return reader


def separate(order: dict[str, Any]) -> None:
    """Name spaces that root gives the child: its view of unreachable folders, its network."""
    view, network = order.get("view"), order.get("network") is False
    if view is None and not network:
        return
    flags = (_NEWNS if view is not None else 0) | (_NEWNET | _NEWIPC | _NEWUTS if network else 0)
    _check(_libc().unshare(flags), "unshare")
    if network:
        socket.sethostname("localhost")
        _loopback_up()
    if view is not None:
        _mount("none", "/", "", _REC | _PRIVATE)
        _show(view)


def _show(view: dict[str, Any]) -> None:
    """Empty folders in place of some, and in them only what the program needs of the old ones.

    `empty` is a list of (folder, bytes, mode), `kept` of (source, place, writable) in an order
    where parents come first, `files` of (path, text).
    """
    os.umask(0o022)
    held = [(place, writable, os.open(path, os.O_PATH)) for path, place, writable in view["kept"]]
    for folder, size, mode in view["empty"]:
        _mount("tmpfs", folder, "tmpfs", _NOSUID | _NODEV, f"size={size},mode={mode:o}")
    for path, writable, fd in held:
        if os.path.isdir(f"/proc/self/fd/{fd}"):
            os.makedirs(path, mode=0o755, exist_ok=True)
        else:
            os.makedirs(os.path.dirname(path), mode=0o755, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        _bind(f"/proc/self/fd/{fd}", path, writable)
        os.close(fd)
    for number, (path, text) in enumerate(view["files"]):
        made = os.path.join(view["empty"][0][0], f".{number}")
        with open(made, "w") as f:
            f.write(text)
        os.chmod(made, 0o444)
        _bind(made, path, False)
        os.unlink(made)
    if view["processes"]:
        _mount("proc", "/proc", "proc", _NOSUID | _NODEV | _NOEXEC, "hidepid=invisible")


def _bind(source: str, target: str, writable: bool) -> None:
    _mount(source, target, "", _BIND | _REC)
    flags = _BIND | _REMOUNT | _NOSUID | _NODEV | (0 if writable else _RDONLY)
    _mount("none", target, "", flags)


def become(uid: int | None, gid: int | None, *, bare: bool) -> None:
    """Another user for good, or, `bare`, root without any capability."""
    if uid is None and not bare:
        return
    libc = _libc()
    for capability in range(_LAST_CAPABILITY + 1):
        if libc.prctl(_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            break  # Past the last one that this kernel knows, or not ours to drop.
    if bare:
        _check(libc.prctl(_SECUREBITS, _NOROOT_LOCKED, 0, 0, 0), "securebits")
    if uid is not None:
        group = uid if gid is None else gid
        os.setgroups([])
        os.setresgid(group, group, group)
        os.setresuid(uid, uid, uid)
    header = struct.pack("=Ii", _CAPABILITIES_V3, 0)
    _check(libc.capset(header, struct.pack("=6I", *[0] * 6)), "capset")
    _check(libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        request = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack("16sH14x", fcntl.ioctl(probe, _SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(probe, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | _IFF_UP))


def _mount(source: str, target: str, kind: str, flags: int, data: str = "") -> None:
    words = [word.encode() for word in (source, target, kind)]
    result = _libc().mount(*words, ctypes.c_ulong(flags), data.encode() or None)
    _check(result, f"mount {source} {target}")


def _check(result: int, what: str) -> None:
    if result != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _most_files() -> int:
    return min(resource.getrlimit(resource.RLIMIT_NOFILE)[1], 1 << 20)
