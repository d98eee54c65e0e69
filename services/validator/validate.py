"""The validator's verb: the attempt's program passes, or goes back with what is wrong with it."""

from dataclasses import replace

from pydantic import JsonValue, ValidationError

from arclight.catalog.resolve import profiles
from arclight.contracts.events import ApprovalRequested, CodeValidated, Event, JobFinished
from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.contracts.finding import Finding
from arclight.contracts.job import Attempt, Plan
from arclight.contracts.names import Framework, JobState, Mode, Platform
from arclight.contracts.result import Result, ResultKind
from arclight.runtime.artifacts import get_program
from arclight.runtime.work import Work
from services.validator.check import Checked, framework_of, not_text
from services.validator.context import Context, Table, declared
from services.validator.select import selection_of


def validate(work: Work) -> Event:
    """The event that lets the program run, asks a person first in mode `review`, or ends the job
    with it in mode `generate`.

    Raises StepFailed: kind `rejected` for findings of severity error, kind `request` when a
    program without a stated framework is not clearly of one. A program that a reviewer wrote is
    never raised about: what is wrong with it goes back to the reviewer.
    """
    attempt = _attempt(work)
    text = _text(work, attempt)
    context = _context(work, attempt)
    changes = attempt.edited and work.job.request.framework is Framework.AUTO
    if context.framework is Framework.AUTO or changes:
        context = replace(context, framework=_first(framework_of(text), context.framework))
    checked = Checked(text, context, selection_of(work.settings))
    if checked.errors and attempt.edited:
        work.log(f"validator: the edited program has {len(checked.errors)} errors")
        return _asked(work, context, checked)
    if context.framework is Framework.AUTO and checked.parsed:
        raise StepFailed(_unclear(), checked.findings)
    if checked.errors:
        raise StepFailed(_rejected(checked.errors), checked.findings)
    work.log(f"validator: passed with {len(checked.findings)} warnings")
    if work.job.request.mode is Mode.GENERATE:
        return _finished(work, text, checked)
    if work.job.request.mode is Mode.REVIEW and not attempt.approved:
        return _asked(work, context, checked)
    return CodeValidated(
        **work.stamp(),
        framework=context.framework,
        platform=Platform.LOCAL,
        findings=checked.findings,
        explanation=checked.explanation,
    )


def _asked(work: Work, context: Context, checked: Checked) -> ApprovalRequested:
    return ApprovalRequested(
        **work.stamp(),
        framework=context.framework,
        platform=Platform.LOCAL,
        findings=checked.findings,
        explanation=checked.explanation,
    )


def _first(*frameworks: Framework) -> Framework:
    """The first one that is known."""
    return next((f for f in frameworks if f is not Framework.AUTO), Framework.AUTO)


def _attempt(work: Work) -> Attempt:
    attempt = work.job.attempt
    if attempt is None or attempt.program is None:
        raise ValueError(f"job {work.job.id} reached validation without a program")
    return attempt


def _text(work: Work, attempt: Attempt) -> str:
    assert attempt.program is not None
    try:
        return get_program(work.artifacts, attempt.program)
    except UnicodeDecodeError as error:
        found = not_text(error)
        raise StepFailed(_rejected((found,)), (found,)) from error


def _context(work: Work, attempt: Attempt) -> Context:
    request = work.job.request
    return Context(
        framework=work.job.framework,
        sources=declared(request.sources),
        prompt=request.prompt,
        # A reviewer knows better than the plan which sources are needed.
        planned=attempt.plan.sources if attempt.plan and not attempt.edited else (),
        generated_data=not request.sources or _computes(attempt.plan),
        brought=attempt.brought,
        tables=_tables(work),
    )


def _tables(work: Work) -> tuple[Table, ...]:
    """The sources whose columns the catalog knows; names in others are not judged."""
    sources = work.job.request.sources
    found: list[Table] = []
    for source, named in zip(sources, declared(sources), strict=True):
        try:
            found += [Table(named, profile) for profile in profiles((source,), work.artifacts)]
        except (StepFailed, ValidationError):
            continue
    return tuple(found)


def _computes(plan: Plan | None) -> bool:
    """True for a plan like the first n primes, which reads nothing whatever is declared."""
    if plan is None or plan.sources:
        return False
    return any(step.get("step") == "compute" for step in plan.steps)


def _finished(work: Work, text: str, checked: Checked) -> JobFinished:
    result = Result(
        kind=ResultKind.PROGRAM,
        text=text,
        bytes=len(text.encode()),
        sources_read=checked.sources_read,
        notes=tuple(f"{f.code} line {f.line}: {f.message}" for f in checked.findings),
    )
    return JobFinished(
        **work.stamp(),
        state=JobState.SUCCEEDED,
        result=result,
        findings=checked.findings,
        explanation=checked.explanation,
    )


def _rejected(errors: tuple[Finding, ...]) -> Failure:
    first, more = errors[0], len(errors) - 1
    others = (
        f" There {'is 1 more error' if more == 1 else f'are {more} more errors'}." if more else ""
    )
    codes: list[JsonValue] = [*dict.fromkeys(f.code for f in errors)]
    return Failure(
        kind=FailureKind.REJECTED,
        code=first.code,
        message=f"The program was rejected before it ran: {first.message}{others}",
        hint=first.hint,
        line=first.line,
        details={"findings": codes},
    )


def _unclear() -> Failure:
    return Failure(
        kind=FailureKind.REQUEST,
        code="FRAMEWORK_UNCLEAR",
        message="The program imports neither pyspark nor ray, or both, so it is not clear where"
        " to run it.",
        hint="Submit it again with framework `spark` or `ray`.",
    )
