"""What a run may use, and what is known of it afterwards."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from arclight.contracts.apply import apply, fold
from arclight.contracts.events import EVENT, Event, JobFinished, StepClaimed
from arclight.contracts.failure import FailureKind
from arclight.contracts.job import Job, JobRequest
from arclight.contracts.limits import RunLimits, told
from arclight.contracts.names import JobState, LogStream, Step, Way
from arclight.contracts.outcome import after_failure
from arclight.contracts.progress import Progress
from arclight.contracts.run_facts import LogFile, RunFacts, log_key
from tests import jobs

CEILING = RunLimits(
    memory=4 * 1024**3,
    cores=2,
    wall=timedelta(minutes=10),
    output=1024**3,
    rows=1000,
    log=1024**2,
)
FACTS = RunFacts(way=Way.SHARED, wait=0.25, versions={"spark": "4.3.0"})


def test_nothing_asked_is_the_ceiling() -> None:
    assert RunLimits().within(CEILING) == CEILING
    assert RunLimits().above(CEILING) == ()


def test_less_counts_and_more_is_named_and_never_given() -> None:
    asked = RunLimits(memory=1024**3, cores=8, wall=timedelta(hours=1), rows=1000)

    assert asked.above(CEILING) == ("cores", "wall")
    found = asked.within(CEILING)
    assert (found.memory, found.rows) == (1024**3, 1000)
    assert (found.cores, found.wall, found.log) == (2, CEILING.wall, CEILING.log)


@pytest.mark.parametrize(
    "wrong", [{"memory": 1}, {"cores": 0}, {"wall": 0}, {"rows": 0}, {"log": -1}, {"disk": 5}]
)
def test_senseless_limits_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RunLimits(**wrong)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("memory", 4 * 1024**3, "4 GiB"),
        ("memory", 1500 * 1024**2, "1.46 GiB"),
        ("log", 1000, "1000 bytes"),
        ("cores", 1, "1 core"),
        ("rows", 1_000_000, "1,000,000 rows"),
        ("wall", timedelta(seconds=90), "90 s"),
    ],
)
def test_limits_are_told_with_their_units(name: str, value: int | timedelta, text: str) -> None:
    assert told(name, value) == text


def test_a_request_of_an_older_version_asks_for_nothing() -> None:
    old = JobRequest.model_validate_json('{"prompt": "x"}')

    assert (old.limits, old.isolation) == (RunLimits(), None)


def executing() -> Job:
    job = apply(None, jobs.submitted(limits=RunLimits(cores=1)))
    for done in (jobs.generated, jobs.validated):
        job = apply(claimed(job), done(claimed(job)))
    return claimed(job)


def claimed(job: Job) -> Job:
    assert job.pending is not None
    p = job.pending
    return apply(
        job,
        StepClaimed(
            job_id=job.id,
            at=jobs.at(1),
            attempt=p.attempt,
            step=p.step,
            run=p.run,
            fence=job.fence + 1,
            worker="w",
        ),
    )


@pytest.mark.parametrize(
    "kind", [FailureKind.CODE, FailureKind.INFRASTRUCTURE, FailureKind.REQUEST]
)
def test_whatever_a_failure_leads_to_the_run_keeps_its_facts(kind: FailureKind) -> None:
    job = executing()

    event = after_failure(job, jobs.failure(kind), fence=job.fence, at=jobs.at(2), facts=FACTS)
    after = apply(job, EVENT.validate_json(EVENT.dump_json(event)))

    run = next(r for r in after.attempts[0].runs if r.step is Step.EXECUTION)
    assert run.facts == FACTS
    assert [r.facts for r in after.attempts[0].runs if r.step is not Step.EXECUTION] == [None] * 2


def test_an_answer_keeps_the_facts_of_its_run_and_a_cancel_has_none() -> None:
    job = executing()
    finished: Event = JobFinished(
        **jobs.stamp(job), state=JobState.SUCCEEDED, result=jobs.result(), facts=FACTS
    )

    assert apply(job, finished).attempts[0].runs[-1].facts == FACTS
    assert apply(job, jobs.cancelled(job)).attempts[0].runs[-1].facts is None


def test_facts_survive_the_stream() -> None:
    facts = RunFacts(
        limits=CEILING,
        rows_read={"orders": 7},
        logs=(LogFile(stream=LogStream.ENGINE, key=log_key("j", 1, 2, LogStream.ENGINE), bytes=1),),
    )
    job = apply(None, jobs.submitted())
    event = after_failure(
        claimed(job), jobs.failure(FailureKind.THROTTLED), fence=1, at=jobs.at(2), facts=facts
    )

    read = EVENT.validate_json(EVENT.dump_json(event))

    assert facts.logs[0].key == "logs/j/1/2/engine.log"
    assert fold([jobs.submitted(job.id)]).id == job.id
    assert read == event


def test_progress_knows_nothing_by_itself() -> None:
    assert Progress().model_dump(exclude_none=True) == {"phase": ""}
