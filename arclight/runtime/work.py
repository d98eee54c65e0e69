"""What a step function gets, and how it answers: with one event, or with StepFailed."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from arclight.contracts.events import Event
from arclight.contracts.job import Job
from arclight.contracts.limits import RunLimits
from arclight.contracts.names import LogStream
from arclight.contracts.progress import Progress
from arclight.runtime.artifacts import Artifacts
from arclight.runtime.ceiling import ceiling
from arclight.runtime.settings import Settings
from arclight.runtime.store.port import Claim


class Log(Protocol):
    """Thread-safe: one line into the job's log, as written by `stream`."""

    def __call__(self, line: str, stream: LogStream = LogStream.SYSTEM) -> None: ...


def _told_to_nobody(progress: Progress) -> None:
    """Where nobody watches."""


@dataclass(frozen=True)
class Work:
    """One claimed run of a step."""

    claim: Claim
    artifacts: Artifacts
    settings: Settings
    log: Log
    cancelled: threading.Event
    """Set when the job was cancelled or another run owns the step: stop within seconds."""
    now: Callable[[], datetime]
    progress: Callable[[Progress], None] = _told_to_nobody
    """Thread-safe and cheap: call it as often as you like, people see the newest 4 times a
    second. What is told before the step ends is shown; the record carries none of it."""

    @property
    def job(self) -> Job:
        return self.claim.job

    @property
    def output_key(self) -> str:
        """Folder of this run's answer in the artifact store, shared with no other run."""
        m = self.claim.message
        return f"output/{m.job_id}/{m.attempt}/{m.run}"

    @property
    def limits(self) -> RunLimits:
        """The limits in force for this run, each of them set: what the request asked, else what
        the installation gives."""
        return self.job.request.limits.within(ceiling(self.settings))

    def stamp(self) -> dict[str, Any]:
        """What every event of a step carries: `CodeValidated(**work.stamp(), …)`."""
        return {"job_id": self.job.id, "at": self.now(), "fence": self.claim.fence}


StepFunction = Callable[[Work], Event]
"""Runs in a thread. Raises StepFailed for a failure that the job's record must carry."""
