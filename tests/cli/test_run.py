"""`run` and `watch`: what is printed where, and the exit status."""

import json
import re
import signal
import threading
import time
from pathlib import Path

import pytest

from arclight.client import Client
from tests.cli.conftest import Arclight
from tests.cli.served import Served

JOB = re.compile(r"job_[0-9a-f]{28}")

TABLE = """\
size    total   n
─────  ──────  ──
Large  1234.5   7
Small    null  12
"""


def test_the_answer_alone_is_on_standard_output(arclight: Arclight) -> None:
    done = arclight("run", "answer me")

    assert done.exit_code == 0
    assert done.stdout == TABLE
    assert JOB.search(done.stderr)


def test_each_transition_is_one_plain_line_when_nobody_watches(arclight: Arclight) -> None:
    done = arclight("run", "answer me")

    said = re.findall(r"^ *\d+\.\d s  (\w+)", done.stderr, re.MULTILINE)
    assert said == [
        "accepted", "generating", "program", "validating", "program", "running", "succeeded"
    ]  # fmt: skip
    assert "\x1b" not in done.stderr + done.stdout


def test_a_repair_is_told(arclight: Arclight) -> None:
    done = arclight("run", "repair me")

    assert done.exit_code == 0
    assert "attempt 1 failed: It broke. Repairing." in done.stderr
    assert "running, attempt 2" in done.stderr


def test_json_is_the_job_as_the_api_gives_it(arclight: Arclight) -> None:
    done = arclight("run", "answer me", "--json")

    job = json.loads(done.stdout)
    assert job["state"] == "succeeded"
    assert job["result"]["preview"] == [["Large", 1234.5, 7], ["Small", None, 12]]
    assert job["links"]["result"].endswith("/result")


def test_a_failed_job_says_why_and_ends_with_1(arclight: Arclight) -> None:
    done = arclight("run", "fail me")

    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr.count("The word 'wombats' is no column.") == 1
    assert "The columns are: a, b." in done.stderr
    assert "arclight show job_" in done.stderr


def test_waiting_ends_with_3_and_says_how_to_come_back(arclight: Arclight) -> None:
    done = arclight("run", "never ends", "--timeout", 0.3)

    assert done.exit_code == 3
    job = JOB.search(done.stderr)
    assert job
    assert f"arclight watch {job[0]}" in done.stderr


def test_a_job_cancelled_by_another_ends_with_4(arclight: Arclight, served: Served) -> None:
    job = arclight("run", "never ends", "--detach").stdout.strip()

    def cancel() -> None:
        time.sleep(0.3)
        with Client(served.url, served.key) as client:
            client.cancel(job)

    other = threading.Thread(target=cancel)
    other.start()
    done = arclight("watch", job)
    other.join()

    assert done.exit_code == 4
    assert "cancelled" in done.stderr


def test_detach_prints_the_id_and_nothing_else(arclight: Arclight) -> None:
    done = arclight("run", "answer me", "--detach")

    assert done.exit_code == 0
    assert JOB.fullmatch(done.stdout.strip())
    assert done.stderr == ""


def test_ctrl_c_detaches(arclight: Arclight) -> None:
    main = threading.main_thread().ident
    assert main is not None
    interrupt = threading.Timer(0.5, signal.pthread_kill, (main, signal.SIGINT))
    interrupt.start()
    done = arclight("run", "never ends")
    interrupt.join()

    assert done.exit_code == 0
    assert "Detached; job_" in done.stderr
    assert "arclight watch job_" in done.stderr


def test_watching_a_job_that_has_ended_prints_its_answer(arclight: Arclight) -> None:
    job = arclight("run", "answer me", "--detach").stdout.strip()
    arclight("watch", job)

    again = arclight("watch", job)

    assert (again.exit_code, again.stdout) == (0, TABLE)


def test_data_is_uploaded_and_named(arclight: Arclight, tmp_path: Path) -> None:
    data = tmp_path / "zoo.csv"
    data.write_text("animal,legs\nowl,2\ncat,4\n")

    done = arclight("run", "answer me", "--data", data, "--json")

    assert [s["name"] for s in json.loads(done.stdout)["sources"]] == ["zoo"]


def test_a_program_is_brought_and_may_be_repaired_and_rehearsed(
    arclight: Arclight, served: Served, tmp_path: Path
) -> None:
    program = tmp_path / "mine.py"
    program.write_text("print('mine')\n")

    job = arclight(
        "run", "answer me", "--program", program, "--repair", "--rehearse", "--detach"
    ).stdout.strip()

    with Client(served.url, served.key) as client:
        assert client.code(job, 1) == "print('mine')\n"
        assert client.attempt(job, 1).generator == "user"


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"\x00\x01\x02\xff", "not text"), (b"", "empty"), (b"a,b\n1,2,3,4\n", "2")],
    ids=["binary", "empty", "ragged"],
)
def test_a_file_that_is_no_table_is_named(
    arclight: Arclight, tmp_path: Path, content: bytes, said: str
) -> None:
    data = tmp_path / "bad.csv"
    data.write_bytes(content)

    done = arclight("run", "answer me", "--data", data)

    assert done.exit_code == 2
    assert f"Error: {data}: " in done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("args", "status", "said"),
    [
        (["run", " "], 2, "The question is empty."),
        (["run", "q", "--data", "no/such.csv"], 2, "no/such.csv does not exist."),
        (["run", "q", "--data", "."], 2, ". is a folder"),
        (["run", "q", "--framework", "flink"], 2, "flink"),
        (["run"], 2, "QUESTION"),
        (["run", "q", "--program", "no/such.py"], 2, "no/such.py does not exist."),
        (["run", "q", "--repair"], 2, "--program FILE"),
        (["frobnicate"], 2, "frobnicate"),
        (["watch", "job_1"], 2, "A job id is `job_` and 28 hex digits."),
        (["watch", "job_" + "0" * 28], 2, "No job has the id job_0000"),
        (["jobs", "--url", "http://127.0.0.1:9"], 5, "http://127.0.0.1:9 does not answer"),
        (["jobs", "--url", "localhost:8484"], 2, "localhost:8484 is not the address of a gateway."),
        (["jobs", "--api-key", "arc_wrong"], 2, "API key"),
        (["jobs", "--api-key", "arc_wrong"], 2, "ARCLIGHT_API_KEY"),
        (["watch", "job_1"], 2, "`arclight jobs` lists the jobs"),
        (["watch", "job_" + "0" * 28], 2, "`arclight jobs` lists the jobs"),
    ],
)
def test_errors_are_sentences(arclight: Arclight, args: list[str], status: int, said: str) -> None:
    done = arclight(*args)

    assert done.exit_code == status
    assert said in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_without_a_gateway_commands_say_how_to_start_one(
    arclight: Arclight, tmp_path: Path
) -> None:
    done = arclight("jobs", env={"ARCLIGHT_URL": "", "ARCLIGHT_HOME": str(tmp_path)})

    assert done.exit_code == 5
    assert "arclight up" in done.stderr


def test_detach_without_a_gateway_is_refused(arclight: Arclight, tmp_path: Path) -> None:
    env = {"ARCLIGHT_URL": "", "ARCLIGHT_HOME": str(tmp_path)}

    done = arclight("run", "answer me", "--detach", env=env)

    assert done.exit_code == 2
    assert "arclight up" in done.stderr
