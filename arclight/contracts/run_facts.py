"""What is known of one run of a program afterwards: its way, its times, where its logs are."""

from pydantic import Field

from arclight.contracts.base import Frozen
from arclight.contracts.limits import RunLimits
from arclight.contracts.names import Isolation, LogStream, Way


class LogFile(Frozen):
    """One stream of a run's full log, kept in the artifact store as `log_key` names it."""

    stream: LogStream
    key: str = Field(description="Key in the artifact store.")
    bytes: int = Field(ge=0, description="Bytes that are kept.")
    cut: int = Field(default=0, ge=0, description="Bytes that were cut off its end; 0: whole.")


class RunFacts(Frozen):
    """Facts of one run; a field that nobody knows keeps its default. Times are in seconds."""

    way: Way | None = Field(default=None, description="How the engine came to the program.")
    way_reason: str = Field(default="", description="Why this way and no other, in one sentence.")
    isolation: Isolation | None = Field(default=None, description="What the run shared.")
    tier: str = Field(default="", description="Strength of the cage, `T0` (none) to `T3`.")
    layers: tuple[str, ...] = Field(default=(), description="The layers that the cage has.")
    wait: float | None = Field(default=None, ge=0, description="Waiting for a free slot.")
    start: float | None = Field(default=None, ge=0, description="Until the program could begin.")
    seconds: float | None = Field(default=None, ge=0, description="The program itself.")
    collect: float | None = Field(default=None, ge=0, description="Reading and storing the answer.")
    max_memory: int | None = Field(default=None, ge=0, description="Peak of all processes, bytes.")
    rows_read: dict[str, int] = Field(default_factory=dict, description="Rows by source name.")
    versions: dict[str, str] = Field(
        default_factory=dict, description="Versions by name, such as `python`, `spark`, `java`."
    )
    limits: RunLimits | None = Field(default=None, description="The limits that were in force.")
    note: str = Field(default="", description="Of a rehearsal: what it did not judge, and why.")
    logs: tuple[LogFile, ...] = Field(default=(), description="The run's full logs.")


def log_key(job_id: str, attempt: int, run: int, stream: LogStream) -> str:
    """Where the full log of one stream of a run is kept in the artifact store."""
    return f"logs/{job_id}/{attempt}/{run}/{stream}.log"
