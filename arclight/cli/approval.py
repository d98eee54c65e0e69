"""A program that waits for a person: what it is, and how to go on."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from arclight.cli.exits import CliError
from arclight.cli.table import tame
from arclight.contracts.names import JobState, Severity

if TYPE_CHECKING:
    from arclight.cli.term import Terminal
    from arclight.client import Client
    from arclight.client_views import AttemptView, FindingView, JobView


def tell_waiting(
    client: "Client", job: "JobView", term: "Terminal", *, as_json: bool = False, when: str = ""
) -> None:
    """The program on standard output; what it does, what is said of it and what to type next on
    standard error. `when`: where the commands work."""
    attempt = client.attempt(job.id, job.attempt)
    print(job.json_text() if as_json else tame((attempt.program or "").rstrip("\n")))
    for line in waiting_lines(job, attempt, term, when):
        term.say(line)


def waiting_lines(
    job: "JobView", attempt: "AttemptView", term: "Terminal", when: str = ""
) -> Iterator[str]:
    """For standard error, in order: the state, the program in words, its findings, the ways on."""
    until = f" until {job.approval.until:%Y-%m-%d %H:%M} UTC" if job.approval else ""
    sign = term.style(term.sign("⏸", "||"), "cyan")
    yield f"{sign} {job.id} waits{until} for your word on the program of attempt {attempt.number}."
    yield from (f"  {tame(sentence)}" for sentence in attempt.explanation)
    for assumption in attempt.plan.assumptions if attempt.plan else ():
        yield term.style(f"  Assumed: {tame(assumption)}", "dim")
    for finding in attempt.findings:
        style = "red" if finding.severity == Severity.ERROR else "yellow"
        yield f"  {term.style(f'{finding.severity}:', style)} {tame(finding_text(finding))}"
    named = f"{job.id} --attempt {attempt.number}"
    if any(f.severity == Severity.ERROR for f in attempt.findings):
        yield "  A program with errors is not run; change it, or decline it."
    else:
        yield f"  Approve:  arclight approve {named}"
    yield f"  Change:   arclight show {job.id} --code > program.py"
    yield f"            arclight approve {named} --program program.py"
    yield f'  Decline:  arclight decline {named} --comment "what must be different"{when}'


def finding_text(finding: "FindingView") -> str:
    """One finding in a line, with its place counted as editors do."""
    place = f"line {finding.line}, column {finding.column + 1}"
    return f"{finding.code} at {place}: {finding.message} {finding.hint}".rstrip()


def attempt_meant(client: "Client", job_id: str, attempt: int | None) -> int:
    """The attempt that a word without a number is about: the only program that was ever offered.

    Raises CliError once there was another, so that nobody approves a program they did not see.
    """
    if attempt is not None:
        return attempt
    job = client.get(job_id)
    waits = job.state is JobState.AWAITING_APPROVAL
    if waits and any(a.reviews for a in job.attempts):
        raise CliError(
            f"{job.id} has asked more than once; it is not clear which program you have read.",
            f"`arclight watch {job.id}` shows the one that waits now;"
            f" then name it with --attempt {job.attempt}.",
        )
    return job.attempt
