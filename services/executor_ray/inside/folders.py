"""Files that ended jobs left in a Ray cage. Standard library only."""

import contextlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path


def remove_logs(session: Path, live_jobs: set[str]) -> None:
    """Ray's logs of workers and drivers whose job is not live and whose process is gone."""
    for folder in (session / "logs", session / "jobs"):
        for path in _entries(folder):
            parts = path.stem.replace("_", "-").split("-")
            if path.name.startswith(("worker-", "python-core-", "job-")) and not (
                any(part[:8] in live_jobs for part in parts) or _alive(parts[-1])
            ):
                remove(path)


def remove_older(folders: Iterable[str], before: float, keep: Iterable[Path]) -> None:
    """What was last changed before Unix time `before`, so by no driver that began later."""
    kept = {*keep, *_mounted()}
    for folder in folders:
        for path in _entries(Path(folder)):
            if path in kept:
                continue
            with contextlib.suppress(OSError):
                if path.lstat().st_ctime < before:
                    remove(path)


def _mounted() -> set[Path]:
    """Where something is mounted, and what that lies in: a cage's slots may lie below its /tmp."""
    found: set[Path] = set()
    with open("/proc/self/mountinfo", encoding="utf-8", errors="replace") as file:
        for line in file:
            point = line.split()[4]
            for code, character in (("\\040", " "), ("\\011", "\t"), ("\\134", "\\")):
                point = point.replace(code, character)
            path = Path(point)
            found.update((path, *path.parents))
    return found


def _entries(folder: Path) -> list[Path]:
    try:
        return [folder / name for name in os.listdir(folder)]
    except OSError:
        return []


def _alive(pid: str) -> bool:
    return pid.isdigit() and os.path.exists(f"/proc/{pid}")


def remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()
