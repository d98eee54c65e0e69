"""Codegen's verb: the first program of a job, or the next one after a failure.

A program that a person brought, and what became of it since, is repaired by `repairers` when the
job says so; everything else is the generator's. A reviewer's comment continues the prompt, as a
follow-up does, and gets a program of its own.
"""

from collections.abc import Sequence

from arclight.catalog.resolve import profiles
from arclight.contracts.events import CodeGenerated, Event
from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.contracts.job import Attempt, Job
from arclight.contracts.review import REVIEW_DECLINED
from arclight.runtime.artifacts import get_program, put_program
from arclight.runtime.work import Work
from services.codegen.generator import Ask, Draft, Generator, Repairer, Tried
from services.codegen.schema_again import ReadsAgain, read_again


def generate(work: Work, generator: Generator, repairers: Sequence[Repairer] = ()) -> Event:
    """The event that carries the new program. Raises StepFailed.

    `repairers`: who is asked to repair a program that was brought, one after another.
    """
    job = work.job
    ask = _ask(work)
    tried = [_tried(a, work) for a in job.attempts if a.program is not None]
    if not tried:
        return _generated(work, generator.name, generator.generate(ask))
    if _is_declined(tried[-1].failure):
        return _generated(work, generator.name, _after_comment(generator, ask, tried))
    if not _is_brought(job):
        looking = ReadsAgain(generator, lambda known: read_again(known, work))
        return _generated(work, *_repaired((looking,), ask, tried))
    name, draft = _repaired(repairers, ask, tried)
    return _generated(work, name, _continued(job, draft))


def _ask(work: Work) -> Ask:
    request = work.job.request
    failures = [a.failure for a in work.job.attempts]
    comments = [f.message for f in failures if f is not None and _is_declined(f)]
    *before, prompt = [said for said in (request.prompt, *comments) if said.strip()] or [""]
    return Ask(
        prompt=prompt,
        tables=profiles(request.sources, work.artifacts),
        framework=work.job.framework,
        before=(*request.before, *before),
    )


def _is_declined(failure: Failure | None) -> bool:
    return failure is not None and failure.code == REVIEW_DECLINED


def _after_comment(generator: Generator, ask: Ask, tried: Sequence[Tried]) -> Draft:
    """The program that the comment asks for; a reviewer is not asked about the same one twice."""
    draft = generator.generate(ask)
    if draft.program in {t.program for t in tried}:
        raise StepFailed(_same_again(ask.prompt))
    return draft.model_copy(update={"reason": f"After the comment: {ask.prompt}"})


def _same_again(comment: str) -> Failure:
    return Failure(
        kind=FailureKind.REQUEST,
        code="COMMENT_CHANGES_NOTHING",
        message=f"With the comment {comment!r} the program stays one that was there before.",
        hint="Ask again and say the change in other words, or approve with an edited program.",
    )


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
