"""The order for `inside/confine.py`: what Landlock leaves, and which seccomp filter is loaded."""

import contextlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from arclight.sandbox.cage import bwrap, layout
from arclight.sandbox.cage.policy import Policy
from arclight.sandbox.cage.tier import Cage, Tier

_PORT_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_USUAL_PORTS = (32768, 60999)
FAILURE = "failure.json"
"""Made beforehand: where only the sub-folders may be written, a right needs a file to stand on."""

Grant = tuple[str, str]


def order(cage: Cage, policy: Policy, *, network: bool) -> str:
    """As JSON. `network` is True when the program shares the machine's network."""
    apart = cage.tier >= Tier.T3
    grants = _grants(cage, policy, apart) if cage.landlock else None
    wanted: dict[str, Any] = {
        "grants": grants,
        "ports": ports() if network else None,
        "seccomp": cage.seccomp,
        "tcp_only": network,
        "own_ipc": not network,
        "touch": [] if apart else [str(policy.folder / FAILURE)],
        "control": True,
        "threads": _threads(cage, policy),
    }
    return json.dumps(wanted, separators=(",", ":"))


def _threads(cage: Cage, policy: Policy) -> int | None:
    """The kernel counts per user, and anew in a user name space; root is not counted."""
    if cage.bare:
        return None
    if cage.tier >= Tier.T3 or cage.uid is not None:
        return policy.threads
    return policy.threads + _of_this_user()


def _of_this_user() -> int:
    """Threads that this user has now; the service itself is among them."""
    count = 0
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if folder.name.isdigit() and folder.stat().st_uid == os.geteuid():
                text = (folder / "stat").read_text(errors="replace")
                count += int(text[text.rindex(")") + 2 :].split()[17])
    return count


def ports() -> tuple[int, int]:
    """The ports from which the kernel picks when a program asks for any."""
    try:
        first, last = _PORT_RANGE.read_text().split()
        return int(first), int(last)
    except (OSError, ValueError):
        return _USUAL_PORTS


def _grants(cage: Cage, policy: Policy, apart: bool) -> list[Grant]:
    grants = [*_of("read", (*layout.system(), *layout.etc(), Path("/proc"), Path("/dev")))]
    grants += _of("write", (Path("/dev", name) for name in layout.DEVICES))
    grants += _of("write", [Path("/dev/shm")])
    if apart:
        grants += _of("read", (Path("/etc"), *bwrap.read_only(policy)))
        grants += _of("write", (Path("/tmp"), policy.folder))
    else:
        grants += _shared(policy)
        grants += _of("write", [Path("/tmp")] if cage.admin else [])
    for bind in policy.binds:
        # Without a view of its own, only the source is there, at its own path.
        place = bind.target if apart or cage.admin else bind.source
        grants += _of("write" if bind.writable else "read", [place])
    return grants


def _shared(policy: Policy) -> list[Grant]:
    """Where the program sees the machine's own file system, grants must cut out exactly."""
    public = (*layout.ACCOUNTS, *layout.PUBLIC)
    grants = [*_of("read", (Path("/etc", name) for name in public))]
    grants += _of("read", map(Path, layout.KERNEL))
    for tree in bwrap.read_only(policy):
        parts = [*layout.without(tree, layout.hidden())]
        # Python lists a package folder before it looks into it.
        grants += [] if parts == [tree] else _of("list", [tree])
        grants += _of("read", parts)
    grants += _of("read", (layout.INSIDE, *policy.runtime, policy.folder))
    kept = {policy.folder / name for name in policy.readonly_in_folder}
    inner = (p for p in sorted(policy.folder.iterdir()) if p not in kept and not p.is_symlink())
    return [*grants, *_of("write", dict.fromkeys((*inner, policy.folder / FAILURE)))]


def _of(right: str, paths: Iterable[Path]) -> list[Grant]:
    return [(str(path), right) for path in paths]
