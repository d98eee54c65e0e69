"""Codegen's verb: the first program of a job, or the next one after a failure.

A program that a person brought, and what became of it since, is repaired by `repairers` when the
job says so; everything else is the generator's.
"""

from collections.abc import Sequence

from arclight.catalog.resolve import profiles
from arclight.contracts.events import CodeGenerated, Event
from arclight.contracts.failure import Failure, StepFailed
from arclight.contracts.job import Attempt, Job
from arclight.runtime.artifacts import get_program, put_program
from arclight.runtime.work import Work
from services.codegen.generator import Ask, Draft, Generator, Repairer, Tried


def generate(work: Work, generator: Generator, repairers: Sequence[Repairer] = ()) -> Event:
    """The event that carries the new program. Raises StepFailed.

    `repairers`: who is asked to repair a program that was brought, one after another.
    """
    job = work.job
    ask = Ask(
        prompt=job.request.prompt,
        tables=profiles(job.request.sources, work.artifacts),
        framework=job.framework,
        before=job.request.before,
    )
    tried = [_tried(a, work) for a in job.attempts if a.program is not None]
    if not tried:
        return _generated(work, generator.name, generator.generate(ask))
    if not _is_brought(job):
        return _generated(work, *_repaired((generator,), ask, tried))
    name, draft = _repaired(repairers, ask, tried)
    return _generated(work, name, _continued(job, draft))


def _is_brought(job: Job) -> bool:
    """True when the last program is a person's, or was mended from one, and may be changed."""
    programs = [a for a in job.attempts if a.program is not None]
    return job.request.repair and programs[-1].brought


def _generated(work: Work, name: str, draft: Draft) -> CodeGenerated:
    message = work.claim.message
    key = f"jobs/{message.job_id}/{message.attempt}/{message.run}/program.py"
    work.log(f"codegen: {name}: {draft.reason}")
    return CodeGenerated(
        **work.stamp(),
        generator=name,
        framework=draft.framework,
        program=put_program(work.artifacts, key, draft.program),
        plan=draft.plan,
        reason=draft.reason,
    )


def _continued(job: Job, draft: Draft) -> Draft:
    """The draft with the plan that its program was made by, and with all that was assumed since."""
    before = next((a.plan for a in reversed(job.attempts) if a.program is not None), None)
    if before is None or draft.plan.steps:
        return draft
    said = dict.fromkeys((*before.assumptions, *draft.plan.assumptions))
    plan = before.model_copy(update={"assumptions": tuple(said)})
    return draft.model_copy(update={"plan": plan})


def _tried(attempt: Attempt, work: Work) -> Tried:
    assert attempt.program is not None
    return Tried(
        program=get_program(work.artifacts, attempt.program),
        failure=attempt.failure,
        findings=attempt.findings,
    )


def _repaired(repairers: Sequence[Repairer], ask: Ask, tried: Sequence[Tried]) -> tuple[str, Draft]:
    """A program that was not tried before, and whose it is. Otherwise the job ends with what the
    last one said."""
    why = "Nobody here repairs a program that was brought."
    other: Failure | None = None
    for repairer in repairers:
        try:
            draft = repairer.repair(ask, tried)
        except StepFailed as stopped:
            why, other = stopped.failure.message, stopped.failure
            continue
        if draft.program not in {t.program for t in tried}:
            return repairer.name, draft
        why = "The repair produced a program that had been tried before."
    raise _ended(tried, other, why)


def _ended(tried: Sequence[Tried], other: Failure | None, why: str) -> StepFailed:
    failure = tried[-1].failure or other
    assert failure is not None, "an attempt that is repaired has failed"
    details = {**failure.details, "stopped_because": why}
    hint = failure.hint or (other.hint if other is not None else "")
    return StepFailed(failure.model_copy(update={"details": details, "hint": hint}))
