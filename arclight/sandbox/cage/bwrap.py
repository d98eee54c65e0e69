"""The command line of bubblewrap: a file system of its own, with only the policy's paths in it.

Everything is a list of mounts, each with its place; they are put in the order of depth, because a
later mount hides what lies below it.
"""

import re
import shutil
import subprocess
from pathlib import Path

from arclight.sandbox.cage import layout
from arclight.sandbox.cage.policy import Policy

OLDEST = (0, 8)
"""The first version with `--disable-userns`, `--size` and `--perms`."""
UID = 1000
"""The user inside; outside it is the run's own."""
_FIRST_FD = 10
"""Descriptors through which the small files of /etc come; closed before the program starts."""

_Mount = tuple[Path, list[str]]


def find() -> tuple[str, str]:
    """(path, what is wrong): one of them is empty."""
    path = shutil.which("bwrap", path="/usr/bin:/usr/local/bin:/bin")
    if path is None:
        return "", "bubblewrap is not installed"
    said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=10).stdout
    version = tuple(int(part) for part in re.findall(r"\d+", said)[:2])
    if version < OLDEST:
        return "", f"{said.strip() or path} is too old; 0.8 is needed"
    return path, ""


def accounts(folder: Path) -> list[tuple[int, str, str]]:
    """(descriptor, name, text) of the small files of /etc."""
    home = folder / "home"
    texts = {
        "passwd": f"root:x:0:0:root:/nonexistent:/bin/false\njob:x:{UID}:{UID}:job:{home}:/bin/sh\n"
        "nobody:x:65534:65534:nobody:/nonexistent:/bin/false\n",
        "group": f"root:x:0:\njob:x:{UID}:\nnogroup:x:65534:\n",
        "hosts": "127.0.0.1 localhost\n::1 localhost\n",
        "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
    }
    return [(_FIRST_FD + n, name, text) for n, (name, text) in enumerate(texts.items())]


def command(bwrap: str, policy: Policy) -> list[str]:
    """bubblewrap and all its options; the program follows after `--`."""
    mounts = [*_fixed(policy), *_trees(policy), *_granted(policy)]
    mounts.sort(key=lambda mount: len(mount[0].parts))
    return [
        bwrap,
        "--unshare-all",
        "--unshare-user",
        "--disable-userns",
        "--die-with-parent",
        "--new-session",
        *(("--as-pid-1",) if policy.pid1 else ()),
        *("--cap-drop", "ALL"),
        *("--uid", str(UID), "--gid", str(UID), "--hostname", "localhost"),
        *(word for _, words in mounts for word in words),
        *(word for path in _holes(policy) for word in ("--remount-ro", str(path))),
        *("--remount-ro", "/dev", "--remount-ro", "/"),
    ]


def _fixed(policy: Policy) -> list[_Mount]:
    """What does not depend on this installation."""
    mounts: list[_Mount] = [
        (Path("/proc"), ["--proc", "/proc"]),
        (Path("/proc/sys"), ["--ro-bind", "/proc/sys", "/proc/sys"]),
        (Path("/dev"), ["--dev", "/dev"]),
        (Path("/dev/shm"), _private("/dev/shm", policy.shm)),
        (Path("/tmp"), _private("/tmp", policy.tmp)),
    ]
    for path in layout.system():
        link = ["--symlink", str(path.readlink())] if path.is_symlink() else _read_only(path)
        mounts.append((path, [*link, str(path)] if path.is_symlink() else link))
    for fd, name, _ in accounts(policy.folder):
        place = Path("/etc", name)
        mounts.append((place, ["--perms", "0444", "--file", str(fd), str(place)]))
    return mounts


def _trees(policy: Policy) -> list[_Mount]:
    """Read-only trees of this installation, without our own source text."""
    trees = read_only(policy)
    mounts: list[_Mount] = [(path, _read_only(path)) for path in (*layout.etc(), *trees)]
    mounts += [(path, ["--tmpfs", str(path)]) for path in _holes(policy)]
    shown = (layout.INSIDE, *policy.runtime)
    return mounts + [(p, _read_only(p)) for p in shown if layout.within(p, _holes(policy))]


def _granted(policy: Policy) -> list[_Mount]:
    folder = str(policy.folder)
    mounts: list[_Mount] = [(policy.folder, ["--bind", folder, folder])]
    for name in policy.readonly_in_folder:
        path = policy.folder / name
        mounts.append((path, ["--ro-bind-try", str(path), str(path)]))
    for bind in policy.binds:
        kind = "--bind" if bind.writable else "--ro-bind"
        mounts.append((bind.target, [kind, str(bind.source), str(bind.target)]))
    return mounts


def read_only(policy: Policy) -> list[Path]:
    """Trees that are shown as they are."""
    return layout.outermost((*layout.python(), layout.INSIDE, *policy.runtime))


def _holes(policy: Policy) -> list[Path]:
    """Our own packages, where they lie in a tree that is shown."""
    return [path for path in layout.hidden() if layout.within(path, read_only(policy))]


def _private(place: str, size: int) -> list[str]:
    return ["--perms", "1777", "--size", str(size), "--tmpfs", place]


def _read_only(path: Path) -> list[str]:
    return ["--ro-bind", str(path), str(path)]
