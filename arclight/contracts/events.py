"""What happens to a job (the stream), and what travels on a queue (the message).

The stream carries all that the record needs, so the record is its fold. A message carries ids
only: it wakes a consumer, which reads the record.
"""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from arclight.contracts.base import Frozen
from arclight.contracts.failure import Failure, Payer
from arclight.contracts.finding import Finding
from arclight.contracts.job import MAX_PROMPT, JobRequest, Plan, ProgramRef, WebhookAttempt
from arclight.contracts.names import EventType, Framework, JobState, Platform, Step
from arclight.contracts.result import Result
from arclight.contracts.run_facts import RunFacts


class Message(Frozen):
    """The wake-up call on a queue."""

    v: Literal[1] = 1
    event: EventType
    job_id: str
    attempt: int
    step: Step
    run: int

    @property
    def key(self) -> str:
        """Claim key: the same key twice is a duplicate, a new run is a legitimate new start."""
        return f"{self.job_id}:{self.attempt}:{self.step}:{self.run}"


class _Event(Frozen):
    v: Literal[1] = 1
    job_id: str
    at: datetime


class _OfStep(_Event):
    """An event written by the consumer that holds the step's lease."""

    fence: int


class JobSubmitted(_Event):
    """A prompt was accepted."""

    type: Literal[EventType.JOB_SUBMITTED] = EventType.JOB_SUBMITTED
    request: JobRequest
    caller: str
    deadline: datetime
    retry_of: str | None = None


class ProgramSubmitted(_Event):
    """A program was accepted: codegen has nothing to do until it fails."""

    type: Literal[EventType.PROGRAM_SUBMITTED] = EventType.PROGRAM_SUBMITTED
    request: JobRequest
    caller: str
    deadline: datetime
    retry_of: str | None = None


class StepClaimed(_OfStep):
    """A consumer took the pending step."""

    type: Literal[EventType.STEP_CLAIMED] = EventType.STEP_CLAIMED
    attempt: int
    step: Step
    run: int
    worker: str


class _Failed(Frozen):
    """What an event says of the failure that it follows, for the ledger."""

    payer: Payer | None = None
    why: str = Field(default="", description="Why the job goes on, or ends, as it does.")


class StepRedelivered(_Failed, _Event):
    """The pending step starts again as a new run: its worker was lost, or it was told to wait."""

    type: Literal[EventType.STEP_REDELIVERED] = EventType.STEP_REDELIVERED
    fence: int
    failure: Failure
    after: timedelta = timedelta(0)
    platform: Platform | None = Field(default=None, description="Set when promoted.")
    facts: RunFacts | None = None


class CodeGenerated(_OfStep):
    type: Literal[EventType.CODE_GENERATED] = EventType.CODE_GENERATED
    generator: str
    framework: Framework
    program: ProgramRef
    plan: Plan
    reason: str = "first attempt"


class CodeRejected(_Failed, _OfStep):
    type: Literal[EventType.CODE_REJECTED] = EventType.CODE_REJECTED
    findings: tuple[Finding, ...]
    failure: Failure


class CodeValidated(_OfStep):
    type: Literal[EventType.CODE_VALIDATED] = EventType.CODE_VALIDATED
    framework: Framework
    platform: Platform
    findings: tuple[Finding, ...] = ()
    explanation: tuple[str, ...] = ()


class ApprovalRequested(_OfStep):
    """The program passed the validator, or a reviewer's own did not, and waits for a person."""

    type: Literal[EventType.APPROVAL_REQUESTED] = EventType.APPROVAL_REQUESTED
    framework: Framework
    platform: Platform
    findings: tuple[Finding, ...] = ()
    explanation: tuple[str, ...] = ()


class _Reviewed(_Event):
    """A person's word on the program of `attempt`, the newest one."""

    attempt: int
    by: str
    comment: str = Field(default="", max_length=MAX_PROMPT)


class ProgramApproved(_Reviewed):
    type: Literal[EventType.PROGRAM_APPROVED] = EventType.PROGRAM_APPROVED


class ProgramEdited(_Reviewed):
    """Approved with changes: the changed program is checked again, then it runs."""

    type: Literal[EventType.PROGRAM_EDITED] = EventType.PROGRAM_EDITED
    program: ProgramRef


class ProgramDeclined(_Failed, _Reviewed):
    """Back to codegen with the comment, as the failure `REVIEW_DECLINED`."""

    type: Literal[EventType.PROGRAM_DECLINED] = EventType.PROGRAM_DECLINED
    failure: Failure


class CodeRehearsed(_OfStep):
    """The program ran through on empty tables."""

    type: Literal[EventType.CODE_REHEARSED] = EventType.CODE_REHEARSED
    facts: RunFacts | None = None


class ExecutionFailed(_Failed, _OfStep):
    type: Literal[EventType.EXECUTION_FAILED] = EventType.EXECUTION_FAILED
    failure: Failure
    facts: RunFacts | None = None


class JobFinished(_Failed, _Event):
    """The terminal event: a result, or an error. An error of the last attempt belongs to it too."""

    type: Literal[EventType.JOB_FINISHED] = EventType.JOB_FINISHED
    state: Literal[JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED]
    fence: int | None = Field(default=None, description="Null for cancel and deadline.")
    result: Result | None = None
    error: Failure | None = None
    findings: tuple[Finding, ...] = ()
    explanation: tuple[str, ...] = ()
    facts: RunFacts | None = None


class WebhookAttempted(_OfStep):
    """One delivery was tried; `after` schedules the next one."""

    type: Literal[EventType.WEBHOOK_ATTEMPTED] = EventType.WEBHOOK_ATTEMPTED
    attempt: WebhookAttempt
    after: timedelta | None = None


Event = Annotated[
    JobSubmitted
    | ProgramSubmitted
    | StepClaimed
    | StepRedelivered
    | CodeGenerated
    | CodeRejected
    | CodeValidated
    | ApprovalRequested
    | ProgramApproved
    | ProgramEdited
    | ProgramDeclined
    | CodeRehearsed
    | ExecutionFailed
    | JobFinished
    | WebhookAttempted,
    Field(discriminator="type"),
]

EVENT: TypeAdapter[Event] = TypeAdapter(Event)
"""Reads and writes any event of the stream."""
