"""`run --mode review`, `approve`, `decline`, `watch` of what waits, and the ledger."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from arclight.cli.ledger import budget_text, ledger
from arclight.cli.progress import Progress
from arclight.cli.term import Terminal
from arclight.client_views import AttemptView, BudgetView
from tests.cli.conftest import Arclight
from tests.cli.test_text import Tty, taken

JOB = re.compile(r"job_[0-9a-f]{28}")


@pytest.fixture
def waiting(arclight: Arclight) -> str:
    """A job whose program waits for a person."""
    found = JOB.search(arclight("run", "count", "--mode", "review").stderr)
    assert found
    return found[0]


def test_a_review_shows_the_program_and_says_how_to_go_on(arclight: Arclight) -> None:
    done = arclight("run", "count the rows", "--mode", "review")

    assert done.exit_code == 0
    assert done.stdout == "print('program 1')\n"
    job = JOB.search(done.stderr)[0]  # type: ignore[index]
    assert f"{job} waits until " in done.stderr
    assert "It counts the rows." in done.stderr
    assert f"Approve:  arclight approve {job} --attempt 1" in done.stderr
    assert f"arclight approve {job} --attempt 1 --program program.py" in done.stderr
    assert f"Decline:  arclight decline {job} --attempt 1 --comment" in done.stderr


def test_watching_a_job_that_waits_ends_at_once_with_the_same(
    arclight: Arclight, waiting: str
) -> None:
    watched = arclight("watch", waiting)
    as_json = arclight("watch", waiting, "--json")

    assert (watched.exit_code, watched.stdout) == (0, "print('program 1')\n")
    assert f"arclight approve {waiting} --attempt 1" in watched.stderr
    assert json.loads(as_json.stdout)["approval"]["attempt"] == 1


def test_an_approved_program_is_followed_to_its_answer(arclight: Arclight, waiting: str) -> None:
    done = arclight("approve", waiting, "--comment", "fine")

    assert (done.exit_code, done.stdout) == (0, "42\n")
    assert "approved by key:" in done.stderr
    assert "accepted" not in done.stderr


def test_approve_detached_prints_the_id(arclight: Arclight, waiting: str) -> None:
    assert arclight("approve", waiting, "--detach").stdout == f"{waiting}\n"


def test_an_edited_program_with_errors_comes_back_and_a_good_one_runs(
    arclight: Arclight, waiting: str, tmp_path: Path
) -> None:
    # Given a reviewer who writes a program with an error
    file = tmp_path / "program.py"
    file.write_text("wrong\n")
    back = arclight("approve", waiting, "--program", file)

    # Then it comes back with what is wrong, and cannot be approved as it is
    assert (back.exit_code, back.stdout) == (0, "wrong\n")
    assert "error: SEC002 at line 3, column 1: It is wrong." in back.stderr
    assert "it has errors and waits for a better one" in back.stderr
    assert "A program with errors is not run" in back.stderr
    assert f"Approve:  arclight approve {waiting}" not in back.stderr
    refused = arclight("approve", waiting, "--attempt", 2)
    assert refused.exit_code == 2
    assert f"arclight approve {waiting} --program FILE" in refused.stderr

    # When it is mended, it runs
    file.write_text("print(42)\n")
    done = arclight("approve", waiting, "--program", file, "--attempt", 2)
    assert (done.exit_code, done.stdout) == (0, "42\n")


def test_a_declined_program_is_followed_to_the_next_one(arclight: Arclight, waiting: str) -> None:
    done = arclight("decline", waiting, "--comment", "use the median")

    assert (done.exit_code, done.stdout) == (0, "print('program 2')\n")
    assert "attempt 1 declined by key:" in done.stderr
    assert f"arclight approve {waiting} --attempt 2" in done.stderr


def test_once_there_was_another_program_the_attempt_is_named(
    arclight: Arclight, waiting: str
) -> None:
    arclight("decline", waiting, "--comment", "use the median")

    unnamed = arclight("approve", waiting)
    old = arclight("approve", waiting, "--attempt", 1)

    assert (unnamed.exit_code, old.exit_code) == (2, 2)
    assert "--attempt 2" in unnamed.stderr
    assert "it is not clear which program you have read" in unnamed.stderr
    assert "that is not the one named" in old.stderr
    assert f"arclight watch {waiting}" in old.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["approve", "{job}", "--program", "no/such.py"], "no/such.py cannot be read"),
        (["decline", "{job}", "--comment", " "], "The comment is empty."),
        (["decline", "{job}"], "--comment"),
        (["approve", "job_1"], "A job id is `job_` and 28 hex digits."),
    ],
)
def test_errors_are_sentences(arclight: Arclight, waiting: str, args: list[str], said: str) -> None:
    done = arclight(*(a.format(job=waiting) for a in args))

    assert done.exit_code == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_program_that_is_no_text_is_named(
    arclight: Arclight, waiting: str, tmp_path: Path
) -> None:
    file = tmp_path / "program.py"
    file.write_bytes(b"print('\xff')")

    done = arclight("approve", waiting, "--program", file)

    assert f"{file} is not UTF-8 text: byte 7" in done.stderr


def test_an_empty_program_approves_nothing(
    arclight: Arclight, waiting: str, tmp_path: Path
) -> None:
    file = tmp_path / "program.py"
    file.write_text("")

    done = arclight("approve", waiting, "--program", file)

    assert (done.exit_code, "/program" in done.stderr) == (2, True)
    assert json.loads(arclight("watch", waiting, "--json").stdout)["approval"]["attempt"] == 1


def test_a_second_approval_says_who_was_first(arclight: Arclight, waiting: str) -> None:
    arclight("approve", waiting)

    again = arclight("approve", waiting)

    assert again.exit_code == 2
    assert "Attempt 1 was approved by key:" in again.stderr
    assert f"`arclight show {waiting} --attempts` tells who said what" in again.stderr


def test_the_ledger_tells_why_each_attempt_was_made_and_who_paid(arclight: Arclight) -> None:
    job = arclight("run", "repair me", "--detach").stdout.strip()
    arclight("watch", job)

    shown = arclight("show", job, "--attempts").stdout
    with_diffs = arclight("show", job, "--attempts", "--diff").stdout

    assert "Budget:    2 of 5 attempts used, 3 left; failures paid for: 1 by the budget" in shown
    assert re.search(r"  run +waited \d+\.\d\d s, worked \d+\.\d\d s +BROKEN", shown)
    assert "    Failed:  It broke. (code)" in shown
    assert "    Paid by: the budget: one attempt" in shown
    assert "    Then:    A changed program may help: 4 of 5 attempts are left." in shown
    assert "Attempt 2, by test: " in shown
    assert "Changed      +1 -1 lines" in shown
    assert "+print(1)" not in shown
    assert "    -print('wrong')\n    +print(1)" in with_diffs


def test_the_ledger_tells_what_reviewers_said(arclight: Arclight, waiting: str) -> None:
    arclight("decline", waiting, "--comment", "use the median")
    arclight("approve", waiting, "--attempt", 2)

    shown = arclight("show", waiting, "--attempts").stdout

    assert re.search(r"  Declined by key:\w+, [-0-9]+ [0-9:]+ UTC: use the median\n", shown)
    assert shown.count("    Paid by: the budget: one attempt") == 1
    assert re.search(r"  Approved by key:\w+", shown)


def test_a_budget_tells_who_paid_where_somebody_did() -> None:
    quiet = BudgetView(attempts_used=1, attempts_left=4)
    paid = BudgetView(attempts_used=2, attempts_left=3, failures={"budget": 1, "platform": 2})

    assert budget_text(quiet) == "1 of 5 attempts used, 4 left"
    assert budget_text(paid) == (
        "2 of 5 attempts used, 3 left; failures paid for: 1 by the budget, 2 by the platform"
    )


def test_a_ledger_of_a_newer_gateway_is_still_told() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    attempt: dict[str, Any] = {
        "number": 2,
        "generator": "user",
        "reason": "edited by ann",
        "costs": False,
        "runs": [{"step": "dreaming", "run": 2, "payer": "insurance", "outcome": "LOST"}],
        "reviews": [{"verdict": "edited", "by": "ann", "at": moment}],
    }
    budget = BudgetView(failures={"insurance": 2})

    lines = list(ledger(budget, [AttemptView.model_validate(attempt)]))

    assert lines[0].endswith("failures paid for: 2 by the insurance")
    assert lines[2] == "Attempt 2, by user: edited by ann (costs no attempt)"
    assert "    Paid by: insurance" in lines
    assert "  Edited by ann, 2026-01-01 00:00 UTC" in lines


def test_the_live_line_has_the_steps_that_the_job_has() -> None:
    progress, lines = taken(
        ("job.submitted", {}),
        ("approval.requested", {}),
        ("program.approved", {"by": "ann"}),
        ("step.claimed", {"step": "rehearsal", "attempt": 1}),
    )

    shown = progress.line(Terminal(Tty(), {"NO_COLOR": "1"}), 0.0)

    assert shown.startswith("generate ✓  validate ✓  approve ✓  rehearse ⠋  run ·  answer ·")
    assert lines[-1].endswith("rehearsing")


def test_the_time_that_a_person_was_waited_for_is_not_the_jobs() -> None:
    progress = Progress()
    progress.take("job.submitted", {"at": "2026-01-01T00:00:00Z"})
    progress.take("approval.requested", {"at": "2026-01-01T00:00:02Z"})

    line = progress.take("program.approved", {"at": "2026-01-04T00:00:00Z", "by": "ann"})

    assert line == "   2.0 s  approved by ann"
