"""A sign of life: a file that a process touches, and that a probe in the same place looks at.

The store is not asked: a worker that waits for a store to come back is alive.
"""

import time
from pathlib import Path

from arclight.runtime.settings import Settings

FRESH = 60.0
"""Seconds. A worker's main loop gives a sign every 2 s, a step at work every second."""


def sign(settings: Settings, name: str) -> None:
    """Say that `name` lives now."""
    path = _path(settings, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def alive(settings: Settings, name: str, now: float | None = None) -> bool:
    """True when `name` gave a sign of late. `now` is Unix time in seconds."""
    try:
        last = _path(settings, name).stat().st_mtime
    except FileNotFoundError:
        return False
    return (time.time() if now is None else now) - last < FRESH


def _path(settings: Settings, name: str) -> Path:
    return settings.home_dir / "alive" / name
