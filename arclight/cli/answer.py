"""How a job that has ended is told: the answer on standard output, the rest on standard error."""

import sys

from arclight.cli.choices import choice_lines
from arclight.cli.exits import Exit
from arclight.cli.table import table, tame
from arclight.cli.term import Terminal
from arclight.client_views import FailureView, JobView, ResultView
from arclight.contracts.names import JobState

_EXITS = {
    JobState.SUCCEEDED: Exit.OK,
    JobState.FAILED: Exit.JOB_FAILED,
    JobState.CANCELLED: Exit.CANCELLED,
}
MAX_CELL = 60
"""Characters of a cell on a terminal; a file or a pipe gets them all."""


def tell(job: JobView, term: Terminal, *, as_json: bool = False, temporary: bool = False) -> Exit:
    """Print the answer or the failure; the exit status that says the same.

    `temporary`: the stack ends with this command, so what is to be typed next needs another one.
    """
    if as_json:
        print(job.json_text())
    elif job.result is not None:
        print_result(job.result)
    _notes(job, term, " (while `arclight up` runs)" if temporary else "")
    return _EXITS[job.state]


def print_result(result: ResultView) -> None:
    """The preview's rows as a table, or the text."""
    if result.kind != "table":
        print(tame(result.text.rstrip("\n")))
        return
    print_table([c.name for c in result.columns], result.preview)


def _where_the_rest_is(job_id: str, result: ResultView) -> str:
    if result.kind != "table":
        return f"The text was cut. All that was kept: arclight result {job_id}"
    shown = f"{len(result.preview)} of {result.total_rows} rows shown"
    return f"{shown}. All: arclight result {job_id} --format csv"


def print_table(names: list[str], rows: object) -> None:
    """A table on standard output, in the signs that it can show."""
    utf = "utf" in (sys.stdout.encoding or "").lower()
    cut = MAX_CELL if sys.stdout.isatty() else 0
    lines = table(names, rows, rule="─" if utf else "-", max_width=cut)  # type: ignore[arg-type]
    print("\n".join(lines))


def failure_lines(failure: FailureView, term: Terminal) -> list[str]:
    """What went wrong, where, and what to do."""
    where = f", line {failure.line} of the program" if failure.line else ""
    lines = [tame(failure.message), term.style(f"{failure.kind}: {failure.code}{where}", "dim")]
    if stopped := failure.details.get("stopped_because"):
        lines.append(tame(f"{stopped}."))
    if failure.hint:
        lines.append(tame(failure.hint))
    return lines


def _notes(job: JobView, term: Terminal, when: str) -> None:
    if job.error is not None:
        sign = term.style(term.sign("✗", "x"), "red")
        first, *more = failure_lines(job.error, term)
        term.say(f"{sign} {job.id} {job.state}: {first}")
        for line in more:
            term.say(f"  {line}")
        for line in choice_lines(job.error.details, f"arclight run --follow {job.id}"):
            term.say(line)
        if job.state is JobState.FAILED:
            term.say(f"  Its attempts: arclight show {job.id}{when}")
        return
    for assumption in job.plan.assumptions if job.plan else ():
        term.say(term.style(f"Assumed: {tame(assumption)}", "dim"))
    result = job.result
    if result is None:
        return
    for note in result.notes:
        term.say(f"Note: {tame(note)}")
    if result.truncated:
        term.say(_where_the_rest_is(job.id, result) + when)
    term.say(term.style(f"Program and attempts: arclight show {job.id}{when}", "dim"))
