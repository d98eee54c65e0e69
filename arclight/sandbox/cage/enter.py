"""`enter`: from a policy and a command to what the supervisor has to do and to execute."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from arclight.sandbox.cage import bwrap, grants, layout, seatbelt
from arclight.sandbox.cage.policy import Policy
from arclight.sandbox.cage.tier import Cage, Tier
from arclight.sandbox.cage.view import view


@dataclass(frozen=True)
class Entry:
    """How a program gets into its cage."""

    argv: tuple[str, ...]
    uid: int | None = None
    """User and group to become before the start; None: stay."""
    gid: int | None = None
    network: bool = True
    """False: the supervisor makes a network of its own for it, which needs CAP_SYS_ADMIN."""
    bare: bool = False
    """True: stay root, without any capability."""
    view: dict[str, Any] | None = None
    """Folders to be put in front of others, see `cage/child.py`."""
    files: tuple[tuple[int, str], ...] = ()
    """Texts to be read from descriptors."""
    own: tuple[str, ...] = ()
    """Folders that are handed over to the user first."""
    wrapped: bool = False
    """The first process is bubblewrap: it must not be asked to end, and tells a signal as 128+n."""

    def order(self) -> dict[str, Any]:
        """The supervisor's fields; JSON."""
        return {
            "argv": list(self.argv),
            "uid": self.uid,
            "gid": self.gid,
            "network": self.network,
            "bare": self.bare,
            "view": self.view,
            "files": [list(entry) for entry in self.files],
            "own": list(self.own),
            "wrapped": self.wrapped,
        }


def enter(cage: Cage, policy: Policy, argv: Sequence[str], uid: int | None = None) -> Entry:
    """The entry of `argv` (absolute path of the executable first) into this machine's cage.

    `uid` is the user that the program runs as, where the cage gives one of its own.
    """
    if cage.tier is Tier.T1:
        return Entry(argv=(*seatbelt.command(policy), *argv))
    if cage.tier is Tier.T0:
        return Entry(argv=tuple(argv))
    user = (cage.uid if uid is None else uid) if cage.uid is not None else None
    apart = cage.tier >= Tier.T3
    network = not apart and not cage.admin
    confine = (layout.interpreter(), "-I", "-S", str(layout.INSIDE / "confine.py"))
    inner = (*confine, grants.order(cage, policy, network=network), *argv)
    outer = (*bwrap.command(cage.bwrap, policy), "--") if apart else ()
    return Entry(
        argv=(*outer, *inner),
        uid=user,
        gid=user,
        network=apart or network,
        bare=cage.bare,
        view=view(cage, policy, user or 0) if cage.admin and os.geteuid() == 0 else None,
        files=tuple((fd, text) for fd, _, text in bwrap.accounts(policy.folder)) if apart else (),
        own=_own(policy) if user is not None else (),
        wrapped=apart,
    )


def _own(policy: Policy) -> tuple[str, ...]:
    """The folder, then those of its parts that the program may write."""
    kept = {policy.folder / name for name in policy.readonly_in_folder}
    parts = (path for path in policy.folder.iterdir() if path not in kept)
    return tuple(map(str, (policy.folder, *sorted(parts))))
