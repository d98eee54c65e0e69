"""What a service brings to its runner: how its engine is started, and what it needs to see."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from arclight.contracts.names import Way
from arclight.sandbox.limits import MIB, Limits
from arclight.sandbox.scratch import Scratch


@dataclass(frozen=True)
class Start:
    """How to start one process of an engine in a cage."""

    prepare: Path | None
    """Module that gets the engine ready; None leaves that to the program."""
    env: Mapping[str, str]
    runtime: tuple[Path, ...] = ()
    """Read-only trees that the engine needs besides Python's own."""
    shm: int = 256 * MIB
    """Bytes of shared memory."""
    writable: tuple[Path, ...] = ()
    """Folders besides its own that the process may change: sockets of a shared engine, the slots
    of the programs that an engine serves."""


class Engine(Protocol):
    """Spark or Ray, as far as a runner must know it."""

    name: str

    def start(self, folder: Scratch, limits: Limits, way: Way, *, private_tmp: bool) -> Start:
        """A process for one program. `private_tmp`: /tmp is the process's own, and short.

        Raises StepFailed when the installation lacks something.
        """
        ...
