"""What a step function gets, and how it answers: with one event, or with StepFailed."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from arclight.contracts.events import Event
from arclight.contracts.job import Job
from arclight.runtime.artifacts import Artifacts
from arclight.runtime.settings import Settings
from arclight.runtime.store.port import Claim


@dataclass(frozen=True)
class Work:
    """One claimed run of a step."""

    claim: Claim
    artifacts: Artifacts
    settings: Settings
    log: Callable[[str], None]
    """Thread-safe: one line into the job's log stream."""
    cancelled: threading.Event
    """Set when the job was cancelled or another run owns the step: stop within seconds."""
    now: Callable[[], datetime]

    @property
    def job(self) -> Job:
        return self.claim.job

    @property
    def output_key(self) -> str:
        """Folder of this run's answer in the artifact store, shared with no other run."""
        m = self.claim.message
        return f"output/{m.job_id}/{m.attempt}/{m.run}"

    def stamp(self) -> dict[str, Any]:
        """What every event of a step carries: `CodeValidated(**work.stamp(), …)`."""
        return {"job_id": self.job.id, "at": self.now(), "fence": self.claim.fence}


StepFunction = Callable[[Work], Event]
"""Runs in a thread. Raises StepFailed for a failure that the job's record must carry."""
