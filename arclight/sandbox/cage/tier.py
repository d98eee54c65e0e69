"""How strong the cage of this machine is, and what it is made of."""

from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any


class Tier(IntEnum):
    """From nothing but limits to a kernel of its own."""

    T0 = 0
    """Limits of the process tree only."""
    T1 = 1
    """macOS Seatbelt: development containment."""
    T2 = 2
    """Landlock and seccomp, without name spaces."""
    T3 = 3
    """Name spaces by bubblewrap, with Landlock and seccomp inside."""
    T4 = 4
    """A kernel of its own: gVisor, Kata, a small virtual machine. Never granted here."""

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Layer:
    """One part of the cage."""

    name: str
    held: bool
    covers: str
    """What it keeps from whom, in one sentence."""
    cure: str = ""
    """What to do about a layer that is missing."""


@dataclass(frozen=True)
class Cage:
    """What was found and proved on this machine; made once at start by `detect`."""

    tier: Tier
    layers: tuple[Layer, ...] = ()
    uid: int | None = None
    """User that programs run as; None: the user of this process."""
    admin: bool = False
    """This process may make name spaces as root: private network, mounts in front of folders."""
    bare: bool = False
    """This process is root and programs keep that user, without any capability."""
    bwrap: str = ""
    """Path of bubblewrap; empty below T3."""
    landlock: int = 0
    """Version of Landlock; 0: not used."""
    seccomp: bool = False

    @property
    def warning(self) -> str:
        """What users of a weaker tier must know; empty at T3 and above."""
        return _WARNINGS.get(self.tier, "")

    def to_json(self) -> dict[str, Any]:
        """For `/ready`, the record of a job and `arclight doctor --json`."""
        return {
            "tier": str(self.tier),
            "uid": self.uid,
            "warning": self.warning,
            "layers": [asdict(layer) for layer in self.layers],
        }


_WARNINGS = {
    Tier.T0: "Programs run UNCAGED: with the powers of this user, under limits only.",
    Tier.T1: "Development containment only: macOS Seatbelt, no proof against hostile programs.",
    Tier.T2: "Programs run without name spaces of their own; `arclight doctor` tells what differs.",
}
