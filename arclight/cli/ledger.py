"""A job's attempts as a ledger: why each was made, how it went, who paid, what followed and why."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from arclight.cli.approval import finding_text
from arclight.contracts.failure import Payer

if TYPE_CHECKING:
    from arclight.client_views import AttemptView, BudgetView, FailureView, ReviewView, RunView

_STEPS = {
    "codegen": "generate",
    "validation": "validate",
    "rehearsal": "rehearse",
    "execution": "run",
}
_PAID: dict[str, str] = {
    Payer.BUDGET: "the budget: one attempt",
    Payer.PLATFORM: "the platform: no attempt is used",
    Payer.REQUEST: "the request: the job ends",
}


def ledger(
    budget: "BudgetView", attempts: "list[AttemptView]", *, diffs: bool = False
) -> Iterator[str]:
    """Lines of text; with `diffs`, what each program changed."""
    yield f"Budget:    {budget_text(budget)}"
    for attempt in attempts:
        yield ""
        yield from _attempt(attempt, diffs)


def budget_text(budget: "BudgetView") -> str:
    """Attempts used and left, and who paid for what went wrong."""
    used, most = budget.attempts_used, budget.max_attempts
    text = f"{used} of {most} attempts used, {budget.attempts_left} left"
    paid = [f"{n} by the {payer}" for payer, n in budget.failures.items()]
    return f"{text}; failures paid for: {', '.join(paid)}" if paid else text


def _attempt(attempt: "AttemptView", diffs: bool) -> Iterator[str]:
    by = f", by {attempt.generator}" if attempt.generator else ""
    free = "" if attempt.costs else " (costs no attempt)"
    yield f"Attempt {attempt.number}{by}: {attempt.reason}{free}"
    if attempt.diff:
        yield f"  {'Changed':<12} {_size(attempt.diff)}"
    for run in attempt.runs:
        yield from _run(run, attempt.failure)
    for finding in attempt.findings:
        yield f"  {str(finding.severity).capitalize():<12} {finding_text(finding)}"
    for review in attempt.reviews:
        yield from _review(review)
    if diffs and attempt.diff:
        yield ""
        yield from (f"    {line}".rstrip() for line in attempt.diff.splitlines())


def _run(run: "RunView", failure: "FailureView | None") -> Iterator[str]:
    step = _STEPS.get(run.step, run.step) + (f" ({run.run})" if run.run > 1 else "")
    times = f"waited {_seconds(run.wait_s)}, worked {_seconds(run.work_s)}"
    yield f"  {step:<12} {times:<32} {run.outcome or 'open'}"
    if failure is not None and run.outcome == failure.code:
        where = f", line {failure.line}" if failure.line else ""
        yield f"    Failed:  {failure.message} ({failure.kind}{where})"
    yield from _paid(run.payer, run.then)


def _review(review: "ReviewView") -> Iterator[str]:
    said = f": {review.comment}" if review.comment else ""
    yield f"  {review.verdict.capitalize()} by {review.by}, {review.at:%Y-%m-%d %H:%M} UTC{said}"
    yield from _paid(review.payer, review.then)


def _paid(payer: str | None, then: str | None) -> Iterator[str]:
    if payer:
        yield f"    Paid by: {_PAID.get(payer, payer)}"
    if then:
        yield f"    Then:    {then}"


def _size(diff: str) -> str:
    """`+3 -1 lines`, without the two lines that name the files."""
    lines = diff.splitlines()[2:]
    return f"+{sum(x[:1] == '+' for x in lines)} -{sum(x[:1] == '-' for x in lines)} lines"


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f} s"
