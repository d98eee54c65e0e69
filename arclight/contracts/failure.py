"""What can go wrong, and who pays for it.

    ArclightError
    ├── JobNotFound          no record under that id
    ├── IllegalTransition    the event does not fit the job's state
    ├── Fenced               another run owns the step now: stop, write nothing
    └── StepFailed           a step ended with a Failure that the job's record must carry

A `Failure` is data: it is stored, shown to people and fed back to codegen.
"""

import hashlib
import json
from datetime import timedelta
from enum import StrEnum

from pydantic import Field, JsonValue

from arclight.contracts.base import Frozen
from arclight.contracts.finding import Finding
from arclight.contracts.run_facts import RunFacts


class FailureKind(StrEnum):
    REQUEST = "request"
    """The user must change something: unknown source, unanswerable prompt."""
    CODE = "code"
    """The program is wrong: NameError, unresolved column."""
    REJECTED = "rejected"
    """The validator found an error before the run."""
    DATA = "data"
    """The data did not fit the program: cast error, malformed record."""
    RESOURCE = "resource"
    """Out of memory, disk or the run's own time limit."""
    THROTTLED = "throttled"
    """A model or engine said: slow down."""
    INFRASTRUCTURE = "infrastructure"
    """A worker was lost or an engine could not be reached."""
    POLICY = "policy"
    """The program tried what the sandbox forbids."""
    CRASHED = "crashed"
    """The same step lost its worker too often."""
    TIMEOUT = "timeout"
    """The job's deadline passed."""
    CANCELLED = "cancelled"
    """The user said so."""


class Payer(StrEnum):
    """Who pays for a failure."""

    BUDGET = "budget"
    """One of the job's attempts."""
    PLATFORM = "platform"
    """Nobody who asked: the same step starts again and no attempt is used."""
    REQUEST = "request"
    """The job itself: it ends, and another request may do better."""


COSTS_AN_ATTEMPT = frozenset(
    {FailureKind.CODE, FailureKind.REJECTED, FailureKind.DATA, FailureKind.POLICY}
)


class Failure(Frozen):
    """One failure, in words for people and in fields for the repair."""

    kind: FailureKind
    code: str = Field(pattern=r"^[A-Z][A-Z0-9_.]*$", description="Stable name, UPPER_SNAKE.")
    message: str = Field(description="One human sentence: what happened and where.")
    hint: str = Field(default="", description="What to do next.")
    line: int | None = Field(default=None, ge=1, description="Line of the generated program.")
    details: dict[str, JsonValue] = Field(
        default_factory=dict, description="Machine-readable parameters, such as the column name."
    )
    traceback: str = Field(default="", description="The program's own traceback, bounded.")
    retry_after: timedelta | None = Field(default=None, description="Delay that a throttle named.")

    @property
    def fingerprint(self) -> str:
        """Equal for two failures that say the same thing, wherever the line moved to."""
        said = [self.kind, self.code, self.message, self.details]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


class ArclightError(Exception):
    """Base of every error that Arclight raises on purpose."""


class JobNotFound(ArclightError):
    """No job has this id."""


class IllegalTransition(ArclightError):
    """The event does not fit the state that the job is in."""


class Fenced(ArclightError):
    """Another run owns this step now; whoever gets this must stop and write nothing."""


class StepFailed(ArclightError):
    """A step ended with a failure that belongs on the job's record, with the run's facts."""

    def __init__(
        self,
        failure: Failure,
        findings: tuple[Finding, ...] = (),
        facts: RunFacts | None = None,
    ) -> None:
        super().__init__(f"{failure.code}: {failure.message}")
        self.failure = failure
        self.findings = findings
        self.facts = facts
