"""The validator's verb: the attempt's program passes, or goes back with what is wrong with it."""

from dataclasses import replace

from pydantic import JsonValue, ValidationError

from arclight.catalog.resolve import profiles
from arclight.contracts.events import CodeValidated, Event, JobFinished
from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.contracts.finding import Finding
from arclight.contracts.job import USER, Attempt, Plan
from arclight.contracts.names import Framework, JobState, Mode, Platform
from arclight.contracts.result import Result, ResultKind
from arclight.runtime.artifacts import get_program
from arclight.runtime.work import Work
from services.validator.check import Checked, framework_of
from services.validator.context import Context, Table, declared


def validate(work: Work) -> Event:
    """The event that lets the program run, or ends the job with it in mode `generate`.

    Raises StepFailed: kind `rejected` for findings of severity error, kind `request` when a
    program without a stated framework is not clearly of one.
    """
    attempt = _attempt(work)
    text = _text(work, attempt)
    context = _context(work, attempt)
    if context.framework is Framework.AUTO:
        context = replace(context, framework=framework_of(text))
    checked = Checked(text, context)
    if context.framework is Framework.AUTO and checked.parsed:
        raise StepFailed(_unclear(), checked.findings)
    if checked.errors:
        raise StepFailed(_rejected(checked.errors), checked.findings)
    work.log(f"validator: passed with {len(checked.findings)} warnings")
    if work.job.request.mode is Mode.GENERATE:
        return _finished(work, text, checked)
    return CodeValidated(
        **work.stamp(),
        framework=context.framework,
        platform=Platform.LOCAL,
        findings=checked.findings,
    )


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
        raise StepFailed(_not_text(error)) from error


def _context(work: Work, attempt: Attempt) -> Context:
    request = work.job.request
    return Context(
        framework=work.job.framework,
        sources=declared(request.sources),
        prompt=request.prompt,
        planned=attempt.plan.sources if attempt.plan else (),
        generated_data=not request.sources or _computes(attempt.plan),
        brought=attempt.generator == USER,
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
        **work.stamp(), state=JobState.SUCCEEDED, result=result, findings=checked.findings
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


def _not_text(error: UnicodeDecodeError) -> Failure:
    return Failure(
        kind=FailureKind.REJECTED,
        code="ARC002",
        message=f"The program is not UTF-8 text: byte {error.start} cannot be read.",
        hint="Save the program as UTF-8.",
    )


def _unclear() -> Failure:
    return Failure(
        kind=FailureKind.REQUEST,
        code="FRAMEWORK_UNCLEAR",
        message="The program imports neither pyspark nor ray, or both, so it is not clear where"
        " to run it.",
        hint="Submit it again with framework `spark` or `ray`.",
    )
