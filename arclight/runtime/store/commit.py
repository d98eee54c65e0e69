"""What one atomic write changes, computed without I/O; both adapters carry it out.

The rule that makes it simple: the outbox holds exactly the message that the record waits for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from arclight.contracts.apply import apply, message_of
from arclight.contracts.events import Event, Message, StepClaimed
from arclight.contracts.flow import queue_for
from arclight.contracts.job import Job
from arclight.contracts.names import JobState, Queue


@dataclass(frozen=True)
class Row:
    """A message that must be claimed; until then it stays in the outbox."""

    message: Message
    queue: Queue
    delay: timedelta

    @property
    def key(self) -> str:
        return self.message.key


@dataclass(frozen=True)
class Commit:
    """The difference between two versions of a record."""

    job: Job
    events: tuple[Event, ...]
    before: int
    """Version that the write expects; 0 for a new job."""
    state_before: JobState | None
    claims: bool
    """A consumer takes the step: the lease begins now."""
    drop: str | None
    """Key of the outbox row that is served or superseded."""
    add: Row | None

    @property
    def ends(self) -> bool:
        return self.job.state.terminal


def commit_of(before: Job | None, events: Sequence[Event]) -> Commit:
    """Apply `events`. Raises IllegalTransition or Fenced."""
    job = before
    for event in events:
        job = apply(job, event)
    if job is None:
        raise ValueError("a commit needs at least one event")
    old = message_of(before) if before else None
    new = message_of(job)
    return Commit(
        job=job,
        events=tuple(events),
        before=before.version if before else 0,
        state_before=before.state if before else None,
        claims=any(isinstance(e, StepClaimed) for e in events),
        drop=old.key if old and old != new else None,
        add=_row(job, new) if new and new != old else None,
    )


def claim_of(job: Job, message: Message, worker: str, at: datetime) -> Commit:
    """The commit by which `worker` takes the step. Raises IllegalTransition or Fenced."""
    event = StepClaimed(
        job_id=job.id,
        at=at,
        attempt=message.attempt,
        step=message.step,
        run=message.run,
        fence=job.fence + 1,
        worker=worker,
    )
    return commit_of(job, [event])


def _row(job: Job, message: Message) -> Row:
    due = job.pending.due if job.pending else None
    delay = max(timedelta(0), due - job.updated_at) if due else timedelta(0)
    return Row(message=message, queue=queue_for(message.event, job.framework), delay=delay)
