"""What one run may use. Enforced from outside the program."""

from dataclasses import dataclass
from datetime import timedelta

MIB = 1024**2
GIB = 1024**3


@dataclass(frozen=True)
class Limits:
    """Hard limits of one run; crossing one ends the whole process tree."""

    wall: timedelta = timedelta(minutes=10)
    memory: int = 4 * GIB
    """Bytes over the whole process tree; shared pages count once."""
    cores: int = 2
    """Task threads of the engine. Not enforced on the program itself."""
    output: int = 1 * GIB
    """Bytes in the scratch folder, spill files included."""
    files: int = 20_000
    """Directory entries in the scratch folder. A local Spark shuffle makes some hundreds."""
    processes: int = 256
    """Live processes. A local Ray needs about 15, Spark with Python workers about 6."""
    log: int = 1 * MIB
    """Bytes of standard output and error that are shown live; the head, and how much was cut."""
    full_log: int = 64 * MIB
    """Bytes of each stream that are kept as a file."""
    open_files: int = 65_536
    """Per process. Ray's raylet asks for this many."""

    @property
    def file_size(self) -> int:
        """Bytes of one file. Ray's object store is one file in shared memory, hence the larger."""
        return max(self.output, self.memory)
