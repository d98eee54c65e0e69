"""`arclight show JOB`: what was asked, what was tried, and the program."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from arclight.cli.approval import finding_text
from arclight.cli.connect import ApiKey, AsJson, HomePath, JobId, Url, connect
from arclight.cli.ledger import ledger as ledger_lines
from arclight.cli.table import tame
from arclight.contracts.limits import told
from arclight.contracts.names import JobState

if TYPE_CHECKING:
    from arclight.client import Client
    from arclight.client_views import AttemptView, FactsView, FailureView, JobView


def show(
    job: JobId,
    code: Annotated[bool, typer.Option("--code", help="Print only the program.")] = False,
    attempt: Annotated[
        int | None, typer.Option(min=1, help="Only this attempt; else all of them.")
    ] = None,
    ledger: Annotated[
        bool,
        typer.Option(
            "--attempts",
            help="Only the ledger: why each attempt, how it went, who paid, what then.",
        ),
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="With --attempts: what each program changed, too.")
    ] = False,
    logs: Annotated[bool, typer.Option("--logs", help="Print the log lines, too.")] = False,
    as_json: AsJson = False,
    url: Url = None,
    api_key: ApiKey = None,
    home: HomePath = None,
) -> None:
    """Show a job: attempts, findings, failures, and the program."""
    with connect(url, api_key, home) as client:
        if code:
            program = client.code(job, attempt).rstrip("\n")
            print(tame(program) if sys.stdout.isatty() else program)
            return
        found = client.get(job)
        if as_json:
            print(found.json_text())
            return
        numbers = [attempt] if attempt else [a.number for a in found.attempts]
        attempts = [client.attempt(job, number) for number in numbers]
        if ledger or diff:
            lines = [*head(found), *ledger_lines(found.budget, attempts, diffs=diff)]
        else:
            lines = [*head(found), *(line for a in attempts for line in attempt_lines(a))]
        if attempts and attempts[-1].program and not (ledger or diff):
            lines += ["", f"Program of attempt {attempts[-1].number}", ""]
            lines += _indented(attempts[-1].program)
        if logs:
            lines += _logs(client, job, attempts)
    print("\n".join(map(tame, lines)))


def _logs(client: "Client", job: str, attempts: "list[AttemptView]") -> Iterator[str]:
    """The full logs where they were kept; what Arclight's own steps said in any case."""
    full = False
    for attempt in attempts:
        kept = [run.facts.logs for run in attempt.runs if run.facts and run.facts.logs]
        files = kept[-1] if kept else ()
        for file in files:
            full = True
            cut = f", {file.cut:,} more were cut" if file.cut else ""
            yield ""
            yield f"Log of attempt {attempt.number}, {file.stream} ({file.bytes:,} bytes{cut})"
            yield ""
            yield from _indented(client.attempt_log(job, attempt.number, file.stream))
    yield from ("", "Log", "")
    yield from _indented(client.logs(job, ("system",) if full else ()))


def head(job: "JobView") -> Iterator[str]:
    """The job in short."""
    yield f"{job.id}  {job.state}  after {_duration(job):.1f} s"
    yield f"Asked:     {job.prompt or '(a program was given)'}"
    yield f"Runs on:   {job.framework}, {job.platform}"
    if job.follows:
        yield f"Follows:   {job.follows}"
    if job.retry_of:
        yield f"Retry of:  {job.retry_of}"
    if job.result is not None and job.result.kind == "table":
        names = ", ".join(c.name for c in job.result.columns)
        yield f"Answer:    {job.result.total_rows} rows of {names}"
    if job.error is not None:
        yield from _failure("Failed:    ", job.error)


def attempt_lines(attempt: "AttemptView") -> Iterator[str]:
    """One attempt: why, by whom, what was found, what went wrong, how long it took."""
    yield ""
    by = f", by {attempt.generator}" if attempt.generator else ""
    yield f"Attempt {attempt.number}{by}: {attempt.reason}"
    if attempt.plan is not None:
        if attempt.plan.summary and not attempt.reason.startswith(attempt.plan.summary):
            yield f"  Plan:    {attempt.plan.summary} (confidence {attempt.plan.confidence:.2f})"
        yield from (f"  Assumed: {assumption}" for assumption in attempt.plan.assumptions)
    yield from (f"  {sentence}" for sentence in attempt.explanation)
    for finding in attempt.findings:
        yield f"  {finding.severity}: {finding_text(finding)}"
    for review in attempt.reviews:
        said = f": {review.comment}" if review.comment else ""
        yield f"  {review.verdict.capitalize()} by {review.by}{said}"
    for run in attempt.runs:
        again = f", run {run.run}" if run.run > 1 else ""
        waited, worked = _seconds(run.wait_s), _seconds(run.work_s)
        yield f"  {run.step}{again}: waited {waited}, worked {worked}, {run.outcome or 'open'}"
        if run.facts is not None:
            yield from _facts(run.facts)
    if attempt.failure is not None:
        yield from _failure("  Failed:  ", attempt.failure)
    if attempt.diff:
        yield "  Changed:"
        yield from _indented(attempt.diff)


def _facts(facts: "FactsView") -> Iterator[str]:
    """How a program ran: its way and why, its cage, and where the time went."""
    way = {
        "shared": "the shared engine",
        "warm": "a warm engine of its own",
        "cold": "an engine of its own, started for it",
    }.get(facts.way or "", facts.way or "")
    if way:
        yield f"    On {way}" + (f": {facts.way_reason}" if facts.way_reason else "")
    if facts.tier:
        layers = f" ({', '.join(facts.layers)})" if facts.layers else ""
        yield f"    Cage:   {facts.tier}{layers}"
    times = {
        "waited for a slot": facts.wait,
        "engine started": facts.start,
        "program ran": facts.seconds,
        "answer collected": facts.collect,
    }
    known = [f"{what} {_seconds(value)}" for what, value in times.items() if value is not None]
    if facts.max_memory is not None:
        known.append(f"{told('memory', facts.max_memory)} of memory at most")
    if known:
        yield f"    Times:  {', '.join(known)}"


def _failure(label: str, failure: "FailureView") -> Iterator[str]:
    where = f", line {failure.line}" if failure.line else ""
    yield f"{label}{failure.message} ({failure.kind}: {failure.code}{where})"
    if failure.hint:
        yield f"{' ' * len(label)}{failure.hint}"


def _duration(job: "JobView") -> float:
    """Seconds until the last step ended: telling the callback URL changes the job, too."""
    ends = [r.ended_at for a in job.attempts for r in a.runs if r.ended_at]
    last = max(ends) if ends and job.state is JobState.SUCCEEDED else job.updated_at
    return (last - job.created_at).total_seconds()


def _indented(text: str) -> list[str]:
    return [f"    {line}".rstrip() for line in text.splitlines()]


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f} s"
