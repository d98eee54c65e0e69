"""What was seen of one run from outside: the judge's whole knowledge."""

from dataclasses import dataclass, field

from arclight.sandbox.limits import Limits
from arclight.sandbox.watch import Reason


@dataclass(frozen=True)
class Ran:
    """How the launcher says that the run went, and what it would hand on to people."""

    reason: Reason = Reason.ENDED
    code: int | None = 0
    signal: int | None = None
    seconds: float = 0.0
    """From the order until the launcher came back."""
    log: tuple[str, ...] = ()
    failure: str | None = None
    """All text of the failure; None when the answer was accepted."""
    rows: int | None = None
    """Rows of the accepted answer."""
    columns: tuple[str, ...] = ()
    answer: bytes = b""
    """Everything that the accepted answer holds."""
    folder_left: bool = False
    """The run's folder was still there after its removal."""
    memory: int = 0
    """Bytes by which the collecting process grew."""
    broken: str = ""
    """What the service's own code raised over it."""
    unstarted: str = ""
    """Why the program never began, when it did not."""


@dataclass(frozen=True)
class Looked:
    """The run's folder between its end and its removal."""

    leaks: tuple[str, ...] = ()
    """Files that hold a canary's value, with its encoding."""
    setid: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Peak:
    """The most that was seen of the run's use."""

    memory: int = 0
    hidden: int = 0
    """Bytes in files without a name: memory or disk that no process's size shows."""
    processes: int = 0
    threads: int = 0
    disk: int = 0
    """Bytes in the run's folder."""
    entries: int = 0
    largest: int = 0
    """Apparent bytes of the largest file in the run's folder."""


@dataclass(frozen=True)
class Held:
    """A process that held still under a sign: what the kernel says of it."""

    descriptors: tuple[str, ...] = ()
    """`number -> target` of those beyond the allowed ones."""
    raised: tuple[str, ...] = ()
    """Limits above what was given."""
    spaces: tuple[str, ...] = ()
    """Name spaces or root folders that changed while it lived."""


@dataclass(frozen=True)
class Observation:
    """Everything about one run."""

    ran: Ran = Ran()
    looked: Looked = Looked()
    peak: Peak = Peak()
    held: Held | None = None
    """None when no process showed the sign."""
    limits: Limits = field(default_factory=Limits)
    canaries: tuple[tuple[str, str], ...] = ()
    """(name, value)."""
    changes: tuple[str, ...] = ()
    """What is different outside the run's folder."""
    hits: tuple[str, ...] = ()
    """Listeners that were contacted, and by what."""
    contacts: tuple[str, ...] = ()
    """Addresses outside that a socket of the run was open to."""
    bystander: tuple[str, ...] = ()
    """What was done to the process outside."""
    kernel: tuple[str, ...] = ()
    """Objects of the kernel that the run got hold of and no program needs."""
    host: tuple[str, ...] = ()
    terminal: bool = False
    """Text of the run came out of the operator's terminal."""
    left: tuple[str, ...] = ()
    """Processes that were alive long after the end."""
    neighbour: str | None = None
    """What was wrong with the job beside it; None: nothing, or there was none."""
    following: str | None = None
    """The same of the job after it."""
    leftovers: tuple[str, ...] = ()
    """What the next job on the same engine found of it."""
