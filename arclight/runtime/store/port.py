"""The JobStore port. Both adapters pass the same contract suite.

Time is the store's own: adapters take a clock, the Redis adapter defaults to the server's, so
that the clocks of workers need not agree.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple, Protocol

from arclight.contracts.events import Event, Message
from arclight.contracts.failure import JobNotFound
from arclight.contracts.job import Job
from arclight.contracts.names import JobState, LogStream, Queue
from arclight.contracts.progress import Progress


@dataclass(frozen=True)
class Claim:
    """The right to work on one run of one step, until the lease runs out."""

    message: Message
    job: Job
    fence: int


@dataclass(frozen=True)
class Page:
    """Newest first; `next_token` is None at the end."""

    jobs: Sequence[Job]
    next_token: str | None


class LogLine(NamedTuple):
    """One line of a job's log, and who wrote it."""

    text: str
    stream: LogStream = LogStream.SYSTEM


@dataclass(frozen=True)
class StreamItem:
    """One entry of a job's streams, either of the three; `id` resumes after it.

    Progress has no place of its own in the order: its id is that of the item before.
    """

    id: str
    event: Event | None = None
    log: LogLine | None = None
    progress: Progress | None = None


class BadPageToken(ValueError):
    """The token was not made by this store."""


class IdempotencyConflict(Exception):
    """The idempotency key was used with another body."""


class JobStore(Protocol):
    """Records, events, leases, messages. Every write is one atomic step."""

    async def submit(
        self,
        event: Event,
        *,
        idempotency: tuple[str, str] | None = None,
        session: str | None = None,
    ) -> Job:
        """Write record, index, event and message in one round trip; return the record.

        `session` is a key under which `newest` finds the job, until the next one is submitted
        under it.

        `idempotency` is (key, body fingerprint): the same pair returns the first job, the same
        key with another fingerprint raises IdempotencyConflict.
        """
        ...

    async def append(
        self, *events: Event, if_expired: bool = False, known: Job | None = None
    ) -> Job:
        """Apply the events in one step and put the next message out.

        `known` is the record that the caller believes in: right, it saves a round trip; wrong,
        the store's own counts.

        Raises JobNotFound, IllegalTransition, or Fenced when the events carry an old fence or,
        with `if_expired`, when the lease is alive after all.
        """
        ...

    async def claim(self, message: Message, worker: str) -> Claim | None:
        """Take the step that `message` names; None when it is taken, done or out of date."""
        ...

    async def beat(self, claim: Claim) -> bool:
        """Renew the lease; False when the claim is no longer in force (cancelled or taken)."""
        ...

    async def get(self, job_id: str) -> Job:
        """The record. Raises JobNotFound."""
        ...

    async def newest(self, session: str) -> str | None:
        """Id of the job that was submitted last under this key, for as long as jobs are kept."""
        ...

    async def list(
        self, *, page_size: int = 50, page_token: str | None = None, state: JobState | None = None
    ) -> Page:
        """Newest first. Raises BadPageToken."""
        ...

    async def wait(self, job_id: str, version: int, timeout: timedelta) -> Job:
        """The record once its version is above `version`, or as it is after `timeout`."""
        ...

    async def log(self, job_id: str, lines: Sequence[LogLine]) -> None:
        """Append to the job's capped log."""
        ...

    async def progress(self, claim: Claim, progress: Progress) -> None:
        """Replace what is known of the claimed step's progress; nothing happens when the claim
        is no longer in force. Whatever is committed to the job next removes it."""
        ...

    async def latest(self, job_id: str) -> Progress | None:
        """The newest progress of the step at work; None when there is none."""
        ...

    def stream(
        self, job_id: str, after: str | None = None, *, follow: bool = False
    ) -> AsyncIterator[StreamItem | None]:
        """Events and log lines in order from `after`; with `follow`, live until the terminal
        event, yielding None about every second so that the caller can ping or leave. A follower
        gets the newest progress of a job at work, too, never what is past."""
        ...

    async def expired(self) -> Sequence[str]:
        """Ids of jobs whose lease has run out."""
        ...

    async def overdue(self) -> Sequence[str]:
        """Ids of live jobs past their deadline."""
        ...

    async def resend(self) -> int:
        """Put due schedule entries and lost messages on their queues; how many were sent."""
        ...

    async def trim(self) -> None:
        """Forget index entries of jobs whose records have expired."""
        ...

    async def canary(self, queue: Queue, patience: timedelta) -> bool:
        """Send a canary through `queue` and wait for its echo (or for a recent one)."""
        ...

    async def echo(self, queue: Queue) -> None:
        """Answer a canary: called by the consumer of `queue`."""
        ...

    async def close(self) -> None: ...


__all__ = [
    "BadPageToken",
    "Claim",
    "IdempotencyConflict",
    "JobNotFound",
    "JobStore",
    "LogLine",
    "Page",
    "StreamItem",
]
