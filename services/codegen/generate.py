"""Codegen's verb: the first program of a job, or the next one after a failure."""

from collections.abc import Callable, Sequence

from arclight.catalog.resolve import profiles
from arclight.contracts.events import CodeGenerated, Event
from arclight.contracts.failure import Failure, StepFailed
from arclight.contracts.job import Attempt
from arclight.runtime.artifacts import get_program, put_program
from arclight.runtime.work import Work
from services.codegen.generator import Ask, Draft, Generator, Tried
from services.codegen.schema_again import read_again, repair


def generate(work: Work, generator: Generator) -> Event:
    """The event that carries the new program. Raises StepFailed."""
    job = work.job
    ask = Ask(
        prompt=job.request.prompt,
        tables=profiles(job.request.sources, work.artifacts),
        framework=job.framework,
        before=job.request.before,
    )
    tried = [_tried(a, work) for a in job.attempts if a.program is not None]
    draft = (
        _repaired(generator, ask, tried, lambda: read_again(ask, work))
        if tried
        else generator.generate(ask)
    )
    return _generated(work, generator, draft)


def _generated(work: Work, generator: Generator, draft: Draft) -> CodeGenerated:
    message = work.claim.message
    key = f"jobs/{message.job_id}/{message.attempt}/{message.run}/program.py"
    work.log(f"codegen: {generator.name}: {draft.reason}")
    return CodeGenerated(
        **work.stamp(),
        generator=generator.name,
        framework=draft.framework,
        program=put_program(work.artifacts, key, draft.program),
        plan=draft.plan,
        reason=draft.reason,
    )


def _tried(attempt: Attempt, work: Work) -> Tried:
    assert attempt.program is not None
    return Tried(
        program=get_program(work.artifacts, attempt.program),
        failure=attempt.failure,
        findings=attempt.findings,
    )


def _repaired(
    generator: Generator, ask: Ask, tried: Sequence[Tried], again: Callable[[], Ask]
) -> Draft:
    """A program that was not tried before. Otherwise the job ends with what the last one said."""
    try:
        draft = repair(generator, ask, tried, again)
    except StepFailed as stopped:
        raise _ended(tried, stopped.failure, stopped.failure.message) from stopped
    if draft.program in {t.program for t in tried}:
        why = "The repair produced a program that had been tried before."
        raise _ended(tried, tried[-1].failure, why)
    return draft


def _ended(tried: Sequence[Tried], other: Failure | None, why: str) -> StepFailed:
    failure = tried[-1].failure or other
    assert failure is not None, "an attempt that is repaired has failed"
    details = {**failure.details, "stopped_because": why}
    return StepFailed(failure.model_copy(update={"details": details}))
