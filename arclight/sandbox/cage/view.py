"""What root puts in front of folders for a run of another user.

The interpreter may lie below a folder that only root may enter. In the run's own mount name space
such a folder is replaced by an empty one that holds the needed trees, at their own paths.
"""

import stat
from pathlib import Path
from typing import Any

from arclight.sandbox.cage import bwrap, layout
from arclight.sandbox.cage.policy import MIB, Policy
from arclight.sandbox.cage.tier import Cage, Tier

_ROOM = 4 * MIB
"""Bytes of an empty folder: only the places of mounts are made in it."""


def barrier(path: Path, uid: int) -> Path | None:
    """The first folder above `path` that this user may not pass; None when the way is free."""
    for folder in reversed(path.parents):
        found = folder.stat()
        if found.st_uid == uid:
            passes = bool(found.st_mode & stat.S_IXUSR)
        elif found.st_gid == uid:
            passes = bool(found.st_mode & stat.S_IXGRP)
        else:
            passes = bool(found.st_mode & stat.S_IXOTH)
        if not passes:
            return folder
    return None


def needed(policy: Policy) -> list[tuple[Path, Path, bool]]:
    """(source, place, writable) of everything that the policy shows, parents first."""
    read = (*bwrap.read_only(policy), *policy.runtime)
    found = {path: (path, False) for path in read}
    found |= {bind.target: (bind.source, bind.writable) for bind in policy.binds}
    found[policy.folder] = (policy.folder, True)
    inner = (policy.folder / name for name in policy.readonly_in_folder)
    found |= {path: (path, False) for path in inner if path.is_dir()}
    entries = [(source, place, writable) for place, (source, writable) in found.items()]
    return sorted(entries, key=lambda entry: len(entry[1].parts))


def view(cage: Cage, policy: Policy, uid: int) -> dict[str, Any] | None:
    """The supervisor's order; None when nothing stands in the way."""
    apart = cage.tier >= Tier.T3
    wanted = needed(policy)
    # The folder will be the user's own, so nothing in it is behind it.
    ways = [s for s, _, _ in wanted if s == policy.folder or policy.folder not in s.parents]
    barriers = {b for way in ways if (b := barrier(way, uid)) is not None}
    empty = [(str(path), _ROOM, 0o755) for path in layout.outermost(barriers)]
    if not apart:
        private = [("/dev/shm", policy.shm, 0o1777), ("/tmp", policy.tmp, 0o1777)]
        empty = private + [entry for entry in empty if not entry[0].startswith("/tmp/")]
    if not empty:
        return None
    places = [Path(path) for path, _, _ in empty]
    kept = []
    for source, place, writable in wanted:
        # bubblewrap makes the places itself, from the sources.
        place = source if apart else place
        if source.exists() and (layout.within(place, places) or source != place):
            kept.append((str(source), str(place), writable))
    files = [] if apart else _accounts(policy, uid)
    return {"empty": empty, "kept": kept, "files": files, "processes": not apart}


def _accounts(policy: Policy, uid: int) -> list[tuple[str, str]]:
    """Java asks for the name of its user."""
    texts = {name: text for _, name, text in bwrap.accounts(policy.folder)}
    passwd = texts["passwd"].replace(f":{bwrap.UID}:{bwrap.UID}:", f":{uid}:{uid}:")
    return [("/etc/passwd", passwd), ("/etc/hosts", texts["hosts"])]


def open_to(uid: int) -> bool:
    """True when this user can reach Python without any help."""
    return all(barrier(path, uid) is None for path in (*layout.python(), layout.INSIDE))
