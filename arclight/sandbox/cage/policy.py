"""What one run may reach. Everything that does not stand here is not there."""

from dataclasses import dataclass
from pathlib import Path

MIB = 1024**2
GIB = 1024**3


@dataclass(frozen=True)
class Bind:
    """A file or folder of the machine, at a place inside. Where no name space can be had,
    `source` and `target` must be the same."""

    source: Path
    target: Path
    writable: bool = False


@dataclass(frozen=True)
class Policy:
    """What a run sees besides the system, Python and the installed packages."""

    folder: Path
    """The run's own folder, read-write, at the same path inside and outside."""
    binds: tuple[Bind, ...] = ()
    """Granted inputs, the folders of sockets, other folders it may write."""
    runtime: tuple[Path, ...] = ()
    """Further read-only trees: a Java home, a service's `inside` folder."""
    tmp: int = GIB
    """Bytes of the private /tmp."""
    shm: int = 256 * MIB
    """Bytes of /dev/shm. Ray wants more."""
    threads: int = 1024
    """Processes and threads together. Ray has about 600; 4,000 of a fork bomb starved two cores so
    that nobody came to end them."""
    pid1: bool = False
    """The program is process 1 of its cage and reaps orphans itself (the host of a Ray)."""
    readonly_in_folder: tuple[str, ...] = ("program", "in")
    """Folders below `folder` that the program may read and not write."""
