"""Where executor and runner meet."""

from pathlib import Path

from arclight.runtime.settings import Settings


def socket_of(settings: Settings, engine: str) -> Path:
    """The socket of the runner of `engine`."""
    return settings.scratch_dir / f"{engine}.sock"


def ground_of(settings: Settings, engine: str) -> Path:
    """The folder of its slots: short, since sockets may lie below it."""
    return settings.scratch_dir / engine
