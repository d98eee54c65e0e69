"""The closed vocabularies: every name that appears in a record, a message or an API answer."""

from enum import StrEnum


class Framework(StrEnum):
    SPARK = "spark"
    RAY = "ray"
    AUTO = "auto"


class Platform(StrEnum):
    """Where a program runs. Only `local` exists so far; a new platform is one more member."""

    AUTO = "auto"
    LOCAL = "local"


class Mode(StrEnum):
    RUN = "run"
    """Generate, check, execute: the answer is the data."""
    GENERATE = "generate"
    """Generate and check: the answer is the program."""
    REVIEW = "review"
    """Generate and check, then wait until a person approves the program; then execute."""


class Isolation(StrEnum):
    """What a run shares with other runs."""

    SHARED = "shared"
    """One warm engine for all runs of a trust domain: fast, for callers who trust each other."""
    JOB = "job"
    """A cage and an engine of its own."""


class Way(StrEnum):
    """How the engine comes to a program."""

    SHARED = "shared"
    """The engine that is up and shared."""
    WARM = "warm"
    """An engine of its own that was started beforehand."""
    COLD = "cold"
    """An engine of its own that starts with the program."""


class LogStream(StrEnum):
    """Who wrote a line of a job's log."""

    STDOUT = "stdout"
    """The program."""
    STDERR = "stderr"
    """The program."""
    ENGINE = "engine"
    """Spark or Ray."""
    SYSTEM = "system"
    """Arclight's own steps."""


class Verdict(StrEnum):
    """What a reviewer says of a program."""

    APPROVED = "approved"
    EDITED = "edited"
    """Replaced by the reviewer's own; the replacement counts as approved once it passes."""
    DECLINED = "declined"


class JobState(StrEnum):
    QUEUED = "queued"
    GENERATING = "generating"
    VALIDATING = "validating"
    AWAITING_APPROVAL = "awaiting_approval"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def terminal(self) -> bool:
        return self in (JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED)


class Step(StrEnum):
    """A unit of work that one consumer claims."""

    CODEGEN = "codegen"
    VALIDATION = "validation"
    REHEARSAL = "rehearsal"
    EXECUTION = "execution"
    NOTIFICATION = "notification"


class EventType(StrEnum):
    JOB_SUBMITTED = "job.submitted"
    PROGRAM_SUBMITTED = "program.submitted"
    STEP_CLAIMED = "step.claimed"
    STEP_REDELIVERED = "step.redelivered"
    CODE_GENERATED = "code.generated"
    CODE_REJECTED = "code.rejected"
    APPROVAL_REQUESTED = "approval.requested"
    PROGRAM_APPROVED = "program.approved"
    PROGRAM_EDITED = "program.edited"
    PROGRAM_DECLINED = "program.declined"
    CODE_VALIDATED = "code.validated"
    REHEARSAL_DUE = "rehearsal.due"
    """Only a wake-up: a validated program is rehearsed before it runs."""
    CODE_REHEARSED = "code.rehearsed"
    EXECUTION_FAILED = "execution.failed"
    JOB_FINISHED = "job.finished"
    WEBHOOK_ATTEMPTED = "webhook.attempted"


class Queue(StrEnum):
    CODEGEN = "codegen"
    VALIDATOR = "validator"
    EXECUTOR_SPARK = "executor_spark"
    EXECUTOR_RAY = "executor_ray"
    NOTIFIER = "notifier"


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
