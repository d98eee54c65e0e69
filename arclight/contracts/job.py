"""What is asked, and the record of what became of it."""

from datetime import UTC, datetime, timedelta
from typing import Self

from pydantic import AnyHttpUrl, Field, JsonValue, model_validator

from arclight.contracts.base import Frozen
from arclight.contracts.budget import Budget
from arclight.contracts.failure import Failure, Payer
from arclight.contracts.finding import Finding
from arclight.contracts.limits import RunLimits
from arclight.contracts.names import (
    EventType,
    Framework,
    Isolation,
    JobState,
    Mode,
    Platform,
    Step,
    Verdict,
)
from arclight.contracts.result import Result
from arclight.contracts.run_facts import RunFacts
from arclight.contracts.source import Source

MAX_PROMPT = 32_768
"""Characters. The longest prompt that a person writes by hand, several times over."""


JOB_ID = r"^job_[0-9a-f]{28}$"
"""Pattern of a job id."""

MAX_BEFORE = 2 * MAX_PROMPT
"""Characters of earlier prompts that a job carries; the oldest are forgotten first."""

USER = "user"
"""`Attempt.generator` of a program that a person brought."""
MENDED = "mender"
"""`Attempt.generator` of such a program after codegen mended it."""


class ProgramRef(Frozen):
    """A program by reference: the text lies in the artifact store under `key`."""

    key: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    bytes: int = Field(ge=1)


class JobRequest(Frozen):
    """What a job is to do: a prompt, or a program that the user brings."""

    prompt: str = Field(default="", max_length=MAX_PROMPT)
    program: ProgramRef | None = None
    sources: tuple[Source, ...] = Field(default=(), max_length=64)
    framework: Framework = Framework.AUTO
    platform: Platform = Platform.AUTO
    mode: Mode = Mode.RUN
    budget: Budget = Budget()
    limits: RunLimits = RunLimits()
    isolation: Isolation | None = Field(
        default=None, description="None: as the installation is set."
    )
    repair: bool = Field(
        default=False, description="A program that was brought may be changed when it fails."
    )
    rehearse: bool = Field(
        default=False, description="Run on empty tables first, whatever the platform."
    )
    callback_url: AnyHttpUrl | None = None
    session: str | None = Field(default=None, max_length=128)
    follows: str | None = Field(default=None, description="The job that the prompt may continue.")
    before: tuple[str, ...] = Field(
        default=(), description="What was asked in `follows` and before it, oldest first."
    )

    @model_validator(mode="after")
    def _has_something_to_do(self) -> Self:
        if not self.prompt.strip() and self.program is None:
            raise ValueError("a job needs a prompt or a program")
        return self


class Plan(Frozen):
    """What the generator decided, in words and as data."""

    summary: str = ""
    assumptions: tuple[str, ...] = ()
    confidence: float = Field(default=0.0, ge=0.0, le=1.0)
    steps: tuple[dict[str, JsonValue], ...] = Field(default=(), description="The logical plan.")
    sources: tuple[str, ...] = Field(default=(), description="Names of the sources it reads.")


class Run(Frozen):
    """One start of a step."""

    step: Step
    run: int = Field(ge=1)
    queued_at: datetime
    fence: int | None = None
    worker: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str | None = Field(default=None, description="`done`, or the code of the failure.")
    facts: RunFacts | None = Field(default=None, description="Of an execution that ended.")
    payer: Payer | None = Field(default=None, description="Who paid for the failure.")
    then: str = Field(default="", description="Why the step that followed a failure was chosen.")


class Review(Frozen):
    """What a person said of a program in mode `review`."""

    verdict: Verdict
    by: str
    at: datetime
    comment: str = Field(default="", max_length=MAX_PROMPT)
    payer: Payer | None = Field(default=None, description="Who pays for a decline.")
    then: str = Field(default="", description="Why a decline leads to another program.")


class Attempt(Frozen):
    """One program and what became of it."""

    number: int = Field(ge=1)
    reason: str = Field(default="first attempt", description="Why this attempt was made.")
    generator: str | None = None
    program: ProgramRef | None = None
    plan: Plan | None = None
    platform: Platform | None = None
    findings: tuple[Finding, ...] = ()
    explanation: tuple[str, ...] = Field(
        default=(), description="What the program reads and does, in sentences."
    )
    reviews: tuple[Review, ...] = Field(
        default=(), description="What people said of it, oldest first; `edited`: who wrote it."
    )
    failure: Failure | None = None
    runs: tuple[Run, ...] = ()

    @property
    def brought(self) -> bool:
        """A person wrote this program, as it is or as it was before it was mended."""
        return self.generator in (USER, MENDED)

    @property
    def review(self) -> Review | None:
        """The last word on this program."""
        return self.reviews[-1] if self.reviews else None

    @property
    def edited(self) -> bool:
        """A reviewer wrote this program, so no attempt of the budget paid for it."""
        return any(r.verdict is Verdict.EDITED for r in self.reviews)

    @property
    def approved(self) -> bool:
        """A person has said yes to this program, or wrote it instead of saying so."""
        return self.review is not None and self.review.verdict is not Verdict.DECLINED


class Lease(Frozen):
    """Who works on the pending step; an older fence is refused."""

    fence: int
    worker: str


class WebhookAttempt(Frozen):
    """One try at telling the callback URL."""

    number: int = Field(ge=1)
    at: datetime
    status: int | None = Field(default=None, description="HTTP status; null when none came.")
    error: str = ""
    delivered: bool = False


class Pending(Frozen):
    """The step that comes next: its wake-up message is these fields and nothing else."""

    wake: EventType
    step: Step
    attempt: int = Field(ge=0)
    run: int = Field(ge=1)
    due: datetime | None = Field(default=None, description="Not before this moment.")


class Job(Frozen):
    """The record. It is always the fold of the job's event stream."""

    id: str = Field(pattern=JOB_ID)
    version: int = Field(ge=1, description="Number of events folded in; the API's ETag.")
    state: JobState
    request: JobRequest
    caller: str
    framework: Framework
    created_at: datetime
    updated_at: datetime
    deadline: datetime
    time_left: timedelta | None = Field(
        default=None, description="What was left of the job's time when it began to wait."
    )
    attempts: tuple[Attempt, ...] = ()
    pending: Pending | None = None
    lease: Lease | None = None
    fence: int = Field(default=0, description="The highest fence ever given out.")
    losses: int = Field(default=0, description="Workers lost on the pending step.")
    result: Result | None = None
    error: Failure | None = None
    webhook: tuple[WebhookAttempt, ...] = ()
    retry_of: str | None = None

    @property
    def attempt(self) -> Attempt | None:
        return self.attempts[-1] if self.attempts else None

    @property
    def waiting(self) -> bool:
        """True when a step is pending and nobody has claimed it: a message must be out."""
        return self.pending is not None and self.lease is None


def deadline_of(request: JobRequest, now: datetime) -> datetime:
    """The moment at which the job fails with kind `timeout`."""
    return now + request.budget.wall


def utc(timestamp: float) -> datetime:
    """Aware UTC time of a Unix timestamp in seconds."""
    return datetime.fromtimestamp(timestamp, UTC)


RETENTION = timedelta(days=30)
"""How long a finished job is kept."""
