"""Jobs that have ended and whose notification was just claimed."""

import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from arclight.contracts.apply import apply
from arclight.contracts.events import Event, JobFinished, StepClaimed
from arclight.contracts.failure import FailureKind
from arclight.contracts.job import Job, utc
from arclight.contracts.names import JobState
from arclight.runtime.artifacts import LocalArtifacts
from arclight.runtime.settings import Settings
from arclight.runtime.store.port import Claim
from arclight.runtime.work import Work
from tests import jobs

SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

MakeWork = Callable[..., Work]


def ended(url: str, **finished: Any) -> Job:
    """A job with a callback that has ended; it failed unless `finished` says otherwise."""
    job = apply(None, jobs.submitted(jobs.job_id(7), callback_url=url))
    said = jobs.failure(
        FailureKind.CODE, "NAME_ERROR", message="x is not defined.", hint="Define x."
    )
    fields = {"state": JobState.FAILED, "error": said, **finished}
    return apply(job, JobFinished(job_id=job.id, at=jobs.at(5), **fields))


def claimed(job: Job) -> Claim:
    """The pending notification of `job`, claimed."""
    assert job.pending is not None
    p, fence = job.pending, job.fence + 1
    message = jobs.message(job)
    claim = StepClaimed(
        job_id=job.id,
        at=jobs.at(6),
        fence=fence,
        attempt=p.attempt,
        step=p.step,
        run=p.run,
        worker="w",
    )
    return Claim(message=message, job=apply(job, claim), fence=fence)


@pytest.fixture
def local(config: Settings) -> Settings:
    """This machine's own addresses are allowed, and the secret is known."""
    return config.model_copy(
        update={"webhook_allow_private": True, "webhook_secret": SecretStr(SECRET)}
    )


@pytest.fixture
def make_work(tmp_path: Path, local: Settings) -> MakeWork:
    def make(
        job: Job, settings: Settings = local, now: Callable[[], datetime] | None = None
    ) -> Work:
        return Work(
            claim=claimed(job),
            artifacts=LocalArtifacts(tmp_path / "artifacts"),
            settings=settings,
            log=lambda _: None,
            cancelled=threading.Event(),
            now=now or (lambda: utc(time.time())),
        )

    return make


def after(work: Work, event: Event) -> Job:
    """The job once `event` is written."""
    return apply(work.job, event)
