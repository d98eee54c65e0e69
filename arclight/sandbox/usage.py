"""What lies in a run's folder, and in files of the run that have no name any more."""

import contextlib
import os
import stat
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

BLOCK = 512
DEEPEST = 128
"""Folders within folders. Spark's deepest are a dozen down; beyond some thousand bytes of path
nothing can be reached by its path, so whoever goes that deep hides something."""
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


def usage(folder: Path, most: int) -> tuple[int, int]:
    """(bytes on disk, directory entries) below `folder`; stops counting at `most` entries.

    Links are counted, never followed. A folder that vanishes counts as empty. One that lies deeper
    than DEEPEST, or that is locked against us, counts as too many entries: nobody knows what is in
    it.
    """
    count = _Count(most)
    try:
        count.walk(os.open(folder, _FOLDER))
    except PermissionError:
        count.entries = most
    except OSError:
        pass
    return count.size, count.entries


class _Count:
    """Walks by open folders, since a path may be too long; one descriptor for each level."""

    def __init__(self, most: int) -> None:
        self.size = 0
        self.entries = 0
        self._most = most

    def walk(self, top: int) -> None:
        levels = [(top, self._look(top))]
        try:
            while levels and self.entries < self._most:
                fd, folders = levels[-1]
                if not folders:
                    os.close(levels.pop()[0])
                elif len(levels) > DEEPEST:
                    self.entries = self._most
                else:
                    self._enter(fd, folders.pop(), levels)
        finally:
            for fd, _ in levels:
                os.close(fd)

    def _enter(self, above: int, name: str, levels: list[tuple[int, list[str]]]) -> None:
        try:
            fd = os.open(name, _FOLDER, dir_fd=above)
        except PermissionError:
            self.entries = self._most
        except OSError:  # Gone, or something else by now.
            return
        else:
            levels.append((fd, self._look(fd)))

    def _look(self, fd: int) -> list[str]:
        """Count what is in the folder; the names of its folders."""
        folders = []
        try:
            with os.scandir(fd) as found:
                for entry in found:
                    self.entries += 1
                    if self.entries >= self._most:
                        break
                    with contextlib.suppress(FileNotFoundError):
                        self.size += entry.stat(follow_symlinks=False).st_blocks * BLOCK
                        if entry.is_dir(follow_symlinks=False):
                            folders.append(entry.name)
        except PermissionError:
            self.entries = self._most
        except OSError:
            return folders
        return folders


@dataclass(frozen=True)
class Nameless:
    """Bytes in open files without a name, which neither a folder nor a process's size shows."""

    memory: int = 0
    """In shared memory and other file systems that live in memory, mapped parts included."""
    disk: int = 0
    """Beside the run's folder."""


def nameless(pids: Iterable[int], folder: Path | None = None) -> Nameless:
    """Those behind the descriptors of these processes, each file once. Linux; else nothing.

    On disk is what lies beside `folder`; without one, only what is surely in memory is counted.
    About 3 µs for each descriptor. Files that no process has open at this moment are not seen:
    those that are only mapped (their touched pages are in the sizes) or under way in a socket.
    """
    seen: dict[tuple[int, int], tuple[bool, int]] = {}
    for pid in pids if sys.platform == "linux" else ():
        place = f"/proc/{pid}/fd"
        with contextlib.suppress(OSError):
            for number in os.listdir(place):
                with contextlib.suppress(OSError):
                    found = os.stat(f"{place}/{number}")
                    if found.st_nlink == 0 and stat.S_ISREG(found.st_mode):
                        on_disk = _on_disk(found, os.readlink(f"{place}/{number}"), folder)
                        seen[found.st_dev, found.st_ino] = on_disk, found.st_blocks * BLOCK
    return Nameless(
        memory=sum(size for on_disk, size in seen.values() if not on_disk),
        disk=sum(size for on_disk, size in seen.values() if on_disk),
    )


_MEMORY = ("/memfd:", "/dev/shm/", "/SYSV", "/dev/zero")


def _on_disk(found: os.stat_result, name: str, folder: Path | None) -> bool:
    if folder is None:
        return not name.startswith(_MEMORY)
    # Layered file systems give files other devices than their folder has.
    if name.startswith(f"{folder}/"):
        return True
    try:
        return found.st_dev == folder.stat().st_dev
    except OSError:
        return False
