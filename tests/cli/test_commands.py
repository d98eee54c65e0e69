"""`show`, `result`, `jobs`, `cancel`, `retry`, `version`."""

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from arclight import __version__
from arclight.cli.commands.show import head
from arclight.client_views import JobView
from tests.cli.conftest import Arclight
from tests.cli.served import ANSWER, PROGRAM, TEXT

CSV = '"size","total","n"\n"Large",1234.5,7\n"Small",,12\n'


def ended(arclight: Arclight, prompt: str) -> str:
    """The id of a job that has become what its prompt says."""
    job: str = arclight("run", prompt, "--detach").stdout.strip()
    arclight("watch", job)
    return job


@pytest.fixture
def answered(arclight: Arclight) -> str:
    return ended(arclight, "answer me")


def test_show_tells_each_attempt_and_the_last_program(arclight: Arclight) -> None:
    job = ended(arclight, "repair me")

    shown = arclight("show", job).stdout

    assert "Asked:     repair me" in shown
    assert "Attempt 1, by test: first attempt" in shown
    assert "Failed:  It broke. (code: BROKEN)" in shown
    assert "Attempt 2, by test: " in shown
    assert "-print('wrong')" in shown
    assert "+print(1)" in shown
    assert shown.rstrip().endswith("print(1)")


def test_show_code_prints_the_program_and_nothing_else(arclight: Arclight) -> None:
    job = arclight("run", "never ends", "--detach").stdout.strip()
    arclight("watch", job, "--timeout", 0.3)

    assert arclight("show", job, "--code").stdout == PROGRAM


def test_show_of_a_failed_job_tells_the_failure(arclight: Arclight) -> None:
    shown = arclight("show", ended(arclight, "fail me")).stdout

    assert "The word 'wombats' is no column. (request: NOT_UNDERSTOOD)" in shown
    assert "The columns are: a, b." in shown


def test_show_tells_how_a_program_ran_and_where_the_time_went(arclight: Arclight) -> None:
    job = ended(arclight, "watch me")

    shown = arclight("show", job).stdout

    assert "    On a warm engine of its own: its limits are the usual ones." in shown
    assert "    Cage:   T3 (namespaces, seccomp)" in shown
    assert (
        "    Times:  waited for a slot 0.50 s, program ran 2.25 s, 512 MiB of memory at most"
        in shown
    )


def test_show_logs_has_the_full_ones_where_they_were_kept(arclight: Arclight) -> None:
    full = arclight("show", ended(arclight, "watch me"), "--logs").stdout
    lines = arclight("show", ended(arclight, "answer me"), "--logs").stdout

    assert "Log of attempt 1, stdout (15 bytes)\n\n    hello, in full\n" in full
    assert "oh no" not in full
    assert "Log\n" in lines


def test_logs_are_shown_with_who_wrote_them_and_progress_floods_nobody(
    arclight: Arclight,
) -> None:
    told = arclight("run", "watch me", "--logs").stderr

    assert "stdout | hello\n" in told
    assert "stderr | oh no\n" in told
    assert "tasks" not in told
    assert "hello" not in arclight("run", "watch me").stderr


def test_csv_for_spreadsheets_is_for_csv(arclight: Arclight, answered: str) -> None:
    assert arclight("result", answered, "--format", "csv", "--safe").stdout == CSV
    refused = arclight("result", answered, "--safe")
    assert (refused.exit_code, "--safe is for CSV" in refused.stderr) == (2, True)


def test_a_text_is_printed_whole(arclight: Arclight) -> None:
    job = ended(arclight, "print it")

    watched = arclight("watch", job)
    whole = arclight("result", job)
    no_table = arclight("result", job, "--format", "csv")

    assert watched.stdout == "pi is 3.1\n"
    assert f"The text was cut. All that was kept: arclight result {job}" in watched.stderr
    assert whole.stdout == f"{TEXT}\n"
    assert (no_table.exit_code, no_table.stdout) == (2, "")
    assert f"`arclight result {job}` prints it." in no_table.stderr


def test_hints_name_commands_and_the_job(arclight: Arclight, answered: str) -> None:
    done = arclight("cancel", answered)

    assert done.exit_code == 2
    assert f"`arclight retry {answered}` runs it again" in done.stderr


def test_result_as_csv(arclight: Arclight, answered: str) -> None:
    done = arclight("result", answered, "--format", "csv")

    assert done.stdout.replace("\r\n", "\n") == CSV


def test_result_as_json(arclight: Arclight, answered: str) -> None:
    whole = json.loads(arclight("result", answered, "--format", "json").stdout)

    assert [c["name"] for c in whole["columns"]] == ANSWER.column_names
    assert whole["rows"] == [["Large", 1234.5, 7], ["Small", None, 12]]


def test_result_as_parquet_into_a_file(arclight: Arclight, answered: str, tmp_path: Path) -> None:
    target = tmp_path / "answer.parquet"

    done = arclight("result", answered, "--format", "parquet", "--output", target)

    assert done.exit_code == 0
    assert pq.read_table(io.BytesIO(target.read_bytes())).equals(ANSWER)
    assert list(tmp_path.iterdir()) == [target]


def test_result_as_table(arclight: Arclight, answered: str) -> None:
    assert "Large  1234.5   7" in arclight("result", answered).stdout


def test_a_file_that_cannot_be_written_is_an_error(arclight: Arclight, answered: str) -> None:
    done = arclight("result", answered, "--output", "/no/such/folder/x.csv")

    assert done.exit_code == 2
    assert "/no/such/folder/x.csv cannot be written" in done.stderr


@pytest.mark.parametrize(("prompt", "status"), [("fail me", 1), ("never ends", 2)])
def test_a_job_without_a_result_says_so(arclight: Arclight, prompt: str, status: int) -> None:
    job = arclight("run", prompt, "--detach").stdout.strip()
    arclight("watch", job, "--timeout", 0.3)

    done = arclight("result", job)

    assert (done.exit_code, done.stdout) == (status, "")
    assert job in done.stderr


def test_jobs_are_listed_newest_first(arclight: Arclight) -> None:
    first, second = ended(arclight, "answer one"), ended(arclight, "answer two")

    shown = arclight("jobs", "--limit", 2).stdout

    assert shown.index(second) < shown.index(first)
    assert [j["id"] for j in json.loads(arclight("jobs", "-n", 2, "--json").stdout)] == [
        second,
        first,
    ]


def test_jobs_of_one_state(arclight: Arclight, answered: str) -> None:
    failed = ended(arclight, "fail me")

    listed = json.loads(arclight("jobs", "--state", "failed", "--json").stdout)

    assert failed in {j["id"] for j in listed}
    assert answered not in {j["id"] for j in listed}


def test_cancel_ends_a_job_and_again_says_the_same(arclight: Arclight) -> None:
    job = arclight("run", "never ends", "--detach").stdout.strip()

    assert arclight("cancel", job).stdout == f"{job} cancelled\n"
    assert arclight("cancel", job).stdout == f"{job} cancelled\n"
    assert arclight("result", job).exit_code == 4


def test_a_job_that_has_ended_cannot_be_cancelled(arclight: Arclight, answered: str) -> None:
    done = arclight("cancel", answered)

    assert done.exit_code == 2
    assert "has succeeded already" in done.stderr


def test_retry_is_a_new_job_that_names_the_old_one(arclight: Arclight) -> None:
    job = ended(arclight, "fail me")

    done = arclight("retry", job, "--json")

    assert done.exit_code == 1
    assert json.loads(done.stdout)["retry_of"] == job


def test_version(arclight: Arclight) -> None:
    assert arclight("version").stdout == f"{__version__}\n"


def test_help_lists_every_command(arclight: Arclight) -> None:
    shown = arclight("--help").stdout

    for command in ("up", "run", "watch", "show", "result", "cancel", "retry", "jobs", "version"):
        assert f"  {command} " in shown


def test_the_time_of_a_job_ends_with_its_last_step() -> None:
    # Given a job whose callback URL was told an hour after its answer
    started = datetime(2026, 1, 1, tzinfo=UTC)
    runs = [{"step": "execution", "run": 1, "ended_at": started + timedelta(seconds=7)}]
    job = JobView.model_validate(
        {
            "id": "job_1",
            "state": "succeeded",
            "version": 9,
            "framework": "ray",
            "platform": "local",
            "created_at": started,
            "updated_at": started + timedelta(hours=1),
            "attempts": [{"number": 1, "runs": runs}],
        }
    )

    assert next(head(job)) == "job_1  succeeded  after 7.0 s"
