"""Removes a folder whole, whatever a hostile program made of it. Standard library only.

Also loaded by path, by the supervisor. Nothing here recurses, builds a path or follows a link: the
tree may be deeper than a path may be long, and its folders may be locked.
"""

import contextlib
import os
import secrets
import stat
from pathlib import Path

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_O_PATH = getattr(os, "O_PATH", 0)


def remove(root: Path) -> None:
    """Remove a file or a folder with all that is in it. What still resists stays; no error."""
    with contextlib.suppress(OSError):
        above = os.open(root.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            _remove(above, root.name)
        finally:
            os.close(above)


def _remove(above: int, name: str) -> None:
    top = _open(above, name)
    if top is None:
        os.unlink(name, dir_fd=above)
        return
    try:
        # Not to be guessed, so that no folder of the program is in the way.
        heap = _Heap(top, f".{secrets.token_hex(8)}-")
        heap.take_apart(_emptied(top))
    finally:
        os.close(top)
    with contextlib.suppress(OSError):
        os.rmdir(name, dir_fd=above)


class _Heap:
    """Folders that were lifted to the top one by one, so that none is ever deep."""

    def __init__(self, top: int, prefix: str) -> None:
        self._top = top
        self._prefix = prefix
        self._made = 0

    def take_apart(self, names: list[str]) -> None:
        """Remove these folders of the top one."""
        while names:
            name = names.pop()
            with contextlib.suppress(OSError):
                fd = _open(self._top, name)
                if fd is not None:
                    try:
                        names += self._lift(fd)
                    finally:
                        os.close(fd)
                    os.rmdir(name, dir_fd=self._top)

    def _lift(self, fd: int) -> list[str]:
        lifted = []
        for name in _emptied(fd):
            self._made += 1
            fresh = f"{self._prefix}{self._made}"
            with contextlib.suppress(OSError):
                # A folder that changes its parent must be writable itself.
                _unlock(fd, name)
                os.rename(name, fresh, src_dir_fd=fd, dst_dir_fd=self._top)
                lifted.append(fresh)
        return lifted


def _emptied(fd: int) -> list[str]:
    """Names of the folders in this one, after everything else in it was unlinked."""
    folders = []
    with os.scandir(fd) as entries:
        found = list(entries)
    for entry in found:
        with contextlib.suppress(OSError):
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.name)
            else:
                os.unlink(entry.name, dir_fd=fd)
    return folders


def _open(above: int, name: str) -> int | None:
    """The folder, unlocked; None when it is none."""
    if not _unlock(above, name):
        return None
    return os.open(name, _FOLDER, dir_fd=above)


def _unlock(above: int, name: str) -> bool:
    """Give ourselves all rights on a folder; False for anything else, which is left alone."""
    if not _O_PATH:  # macOS, which can change the rights of a link itself.
        if not stat.S_ISDIR(os.lstat(name, dir_fd=above).st_mode):
            return False
        os.chmod(name, 0o700, dir_fd=above, follow_symlinks=False)
        return True
    fd = os.open(name, _O_PATH | os.O_NOFOLLOW, dir_fd=above)
    try:
        if not stat.S_ISDIR(os.fstat(fd).st_mode):
            return False
        os.chmod(f"/proc/self/fd/{fd}", 0o700)
        return True
    finally:
        os.close(fd)
