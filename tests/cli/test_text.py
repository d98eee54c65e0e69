"""How things look: tables, the live line, colours."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest

from arclight.cli.answer import tell
from arclight.cli.progress import Progress
from arclight.cli.table import table, tame
from arclight.cli.term import Terminal
from arclight.client_views import JobView


class Tty(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([1, 22], [" 1", "22"]),
        ([1.5, 2.25], ["1.50", "2.25"]),
        ([3.0], ["3.0"]),
        ([0.1 + 0.2], ["0.3"]),
        ([1234567.891, None], ["1234567.891", "       null"]),
        ([1e20], ["1e+20"]),
        ([1.5, "NaN", "-Infinity"], ["      1.5", "      NaN", "-Infinity"]),
        ([0.00001], ["1e-05"]),
        ([True, False], ["true", "false"]),
        (["a", None], ["a", "null"]),
        (["two\nlines", "\x1b[31m"], ["two\\x0alines", "\\x1b[31m"]),
        ([], []),
    ],
)
def test_cells(values: list[Any], shown: list[str]) -> None:
    _, _, *body = table(["c"], [[v] for v in values])

    assert body == shown


def test_text_of_several_lines_keeps_them_and_nothing_that_acts() -> None:
    assert tame("one\ttwo\nthree\x1b[2J\r\u202e") == "one\ttwo\nthree\\x1b[2J\\x0d\\x202e"


def test_numbers_stand_right_and_words_left() -> None:
    assert table(["name", "n"], [["owl", 7], ["cat", 12]]) == [
        "name   n",
        "────  ──",
        "owl    7",
        "cat   12",
    ]


def test_long_cells_are_cut_where_asked() -> None:
    assert table(["c"], [["abcdefgh"]], max_width=5)[-1] == "abcd…"
    assert table(["c"], [["abcdefgh"]])[-1] == "abcdefgh"


AT = "2026-01-01T00:00:0{}Z"


def taken(*events: tuple[str, dict[str, Any]]) -> tuple[Progress, list[str]]:
    progress = Progress()
    lines = [progress.take(k, {"at": AT.format(i), **d}) for i, (k, d) in enumerate(events)]
    return progress, [line for line in lines if line]


def test_a_repair_goes_back_to_the_first_step() -> None:
    progress, lines = taken(
        ("job.submitted", {}),
        ("step.claimed", {"step": "execution", "attempt": 1}),
        ("execution.failed", {"failure": {"message": "No such column."}}),
    )

    assert (progress.step, progress.attempt, progress.working) == ("generate", 2, False)
    assert lines[-1] == "   2.0 s  attempt 1 failed: No such column. Repairing."


def test_what_a_person_need_not_know_has_no_line() -> None:
    _, lines = taken(
        ("step.claimed", {"step": "notification", "attempt": 1}), ("webhook.attempted", {})
    )

    assert lines == []


@pytest.mark.parametrize(
    ("step", "state", "line"),
    [
        ("execution", "succeeded", "generate ✓  validate ✓  run ✓  answer ✓   1.5 s"),
        ("validation", "succeeded", "generate ✓  validate ✓  run ✓  answer ✓   1.5 s"),
        ("codegen", "failed", "generate ✗  validate ·  run ·  answer ·   1.5 s"),
        ("execution", "failed", "generate ✓  validate ✓  run ✗  answer ·   1.5 s"),
        ("execution", "cancelled", "generate ✓  validate ✓  run ✗  answer ·   1.5 s"),
    ],
)
def test_the_live_line_at_the_end_names_the_step_that_failed(
    step: str, state: str, line: str
) -> None:
    progress, lines = taken(
        ("step.claimed", {"step": step, "attempt": 1}),
        ("job.finished", {"state": state, "error": {"message": "No such column."}}),
    )

    assert progress.line(Terminal(Tty(), {"NO_COLOR": "1"}), 1.5) == line
    assert lines[-1] == f"   1.0 s  {state}"


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ({"phase": "starting"}, " starting"),
        ({"phase": "running"}, ""),
        ({"phase": "running", "tasks": 40, "tasks_done": 12, "stages": 3}, " 12/40 tasks"),
        ({"stages": 3}, " 0/3 stages"),
        ({"rows_written": 1234567}, " 1,234,567 rows"),
        ({"phase": "collecting", "tasks": 40, "tasks_done": 40}, " collecting"),
    ],
)
def test_the_live_line_says_how_far_the_program_is(told: dict[str, Any], shown: str) -> None:
    progress, _ = taken(("step.claimed", {"step": "execution", "attempt": 1}))
    progress.tell(told)
    term = Terminal(Tty(), {"NO_COLOR": "1"})

    line = progress.line(term, 0.0)

    assert f"run ⠋{shown}  answer ·" in line
    progress.take("job.finished", {"at": AT.format(1), "state": "succeeded"})
    assert "tasks" not in progress.line(term, 0.0)


def test_an_event_that_this_version_does_not_know_is_passed_over() -> None:
    assert Progress().take("news", {"x": 1}) is None


def test_the_live_line_on_the_way() -> None:
    progress, _ = taken(("step.claimed", {"step": "validation", "attempt": 2}))

    line = progress.line(Terminal(Tty(), {"NO_COLOR": "1"}), 0.0)

    assert line == "generate ✓  validate ⠋  run ·  answer ·   0.0 s  attempt 2"


@pytest.mark.parametrize(
    ("stream", "environ", "coloured"),
    [
        (Tty(), {}, True),
        (Tty(), {"NO_COLOR": "1"}, False),
        (Tty(), {"TERM": "dumb"}, False),
        (io.StringIO(), {}, False),
    ],
)
def test_colour_only_where_it_is_wanted(
    stream: io.StringIO, environ: dict[str, str], coloured: bool
) -> None:
    assert ("\x1b" in Terminal(stream, environ).style("x", "red")) is coloured


def test_nothing_is_redrawn_on_a_plain_stream() -> None:
    stream = io.StringIO()
    term = Terminal(stream, {})

    term.redraw("working")
    term.say("done")

    assert stream.getvalue() == "done\n"


def test_a_lasting_line_replaces_the_redrawn_ones() -> None:
    stream = Tty()
    term = Terminal(stream, {})

    term.redraw("one", "two")
    term.say("done")

    assert stream.getvalue() == "one\ntwo" + "\r\x1b[2K\x1b[1A" + "\r\x1b[2K" + "done\n"


@pytest.mark.parametrize(
    ("temporary", "last"),
    [
        (False, "Program and attempts: arclight show job_1"),
        (True, "Program and attempts: arclight show job_1 (while `arclight up` runs)"),
    ],
)
def test_what_to_type_next_needs_a_stack(temporary: bool, last: str) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    job = JobView.model_validate(
        {
            "id": "job_1",
            "state": "succeeded",
            "version": 9,
            "framework": "ray",
            "platform": "local",
            "created_at": moment,
            "updated_at": moment,
            "result": {"kind": "text", "text": "42"},
        }
    )
    stream = io.StringIO()

    tell(job, Terminal(stream, {}), temporary=temporary)

    assert stream.getvalue().splitlines()[-1] == last
