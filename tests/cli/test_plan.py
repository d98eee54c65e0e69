"""`arclight plan`: what a question is read as, without running it; and the choices of `run`."""

import json
import shlex
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Arclight

DATA = Path(__file__).parents[2] / "examples" / "data"
BIRDS = DATA / "birdstrikes.csv"
ASKED = "total repair cost by wildlife size"


def test_the_plan_is_told_in_words(arclight: Arclight) -> None:
    done = arclight("plan", ASKED, "--data", BIRDS)

    assert done.exit_code == 0, done.stderr
    lines = done.stdout.splitlines()
    assert "Cost Repair" in lines[0]
    assert lines[1].split()[0] in ("Sure", "Assumed")
    assert "Steps, on spark" in lines
    assert any("1. Read " in line and "of birdstrikes" in line for line in lines)
    assert "Program" not in lines


@pytest.mark.parametrize(("framework", "said"), [("spark", "pyspark"), ("ray", "import ray")])
def test_the_program_is_shown_when_asked_for(arclight: Arclight, framework: str, said: str) -> None:
    done = arclight("plan", ASKED, "--data", BIRDS, "-f", framework, "--program")

    program = done.stdout.partition("\nProgram\n\n")[2]
    assert said in program
    compile(program, "program.py", "exec")


def test_json_has_everything(arclight: Arclight) -> None:
    done = arclight("plan", ASKED, "--data", BIRDS, "--json")

    told = json.loads(done.stdout)
    assert told["understood"] is True
    assert told["certainty"] in ("sure", "assumed")
    assert told["sources"] == ["birdstrikes"]
    assert told["plan"][0]["step"] == "scan"
    assert len(told["steps"]) == len(told["plan"])
    assert told["program"].startswith('"""')


def test_a_plan_continues_earlier_questions(arclight: Arclight) -> None:
    asked = ("plan", "now by month", "--data", BIRDS)

    done = arclight(*asked, "--after", ASKED, "--after", "by time of day", "--json")

    told = json.loads(done.stdout)
    assert any(f"continued from: {ASKED}" in a for a in told["assumptions"])
    assert any("month" in step for step in told["steps"])
    assert not any("size" in step for step in told["steps"])


def test_a_question_that_is_not_understood_names_the_words_and_ends_with_1(
    arclight: Arclight,
) -> None:
    done = arclight("plan", "gibberisch zwurbel", "--data", BIRDS)

    assert done.exit_code == 1
    assert done.stdout == ""
    assert "Unclear:" in done.stderr
    assert "Wildlife Size" in done.stderr


def test_a_refusal_in_json_has_the_failure(arclight: Arclight) -> None:
    done = arclight("plan", "gibberisch zwurbel", "--data", BIRDS, "--json")

    told = json.loads(done.stdout)
    assert (done.exit_code, told["understood"], told["certainty"]) == (1, False, "unclear")
    assert told["failure"]["code"] == "PROMPT_NOT_UNDERSTOOD"


def test_the_passes_are_told_when_asked_for(arclight: Arclight) -> None:
    plain, told = (arclight("plan", ASKED, "-d", BIRDS, *more) for more in ((), ("--explain",)))

    assert told.stdout.startswith(plain.stdout)
    assert len(told.stdout) > len(plain.stdout)


def test_a_file_that_is_no_table_is_named(arclight: Arclight, tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")

    done = arclight("plan", ASKED, "--data", empty)

    assert done.exit_code == 1
    assert str(empty) in done.stderr


def test_without_the_planner_the_missing_extra_is_named(
    arclight: Arclight, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in [m for m in sys.modules if m.startswith("services.codegen")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "snowballstemmer", None)

    done = arclight("plan", ASKED, "--data", BIRDS)

    assert done.exit_code == 5
    assert "snowballstemmer" in done.stderr
    assert "arclight[codegen]" in done.stderr


def test_an_unclear_question_offers_its_readings_with_the_command_to_run(
    arclight: Arclight,
) -> None:
    done = arclight("run", "unclear words")

    assert done.exit_code == 1
    assert "1. Cost Repair by size" in done.stderr
    line = next(x for x in done.stderr.splitlines() if "Cost Total $'" in x and "arclight" in x)
    command = shlex.split(line)
    assert command[:3] == ["arclight", "run", "--follow"]
    assert command[-1] == "total 'Cost Total $' by size"
    assert arclight(*command[1:], "--detach").exit_code == 0


def test_a_run_follows_a_job(arclight: Arclight) -> None:
    first = json.loads(arclight("run", "answer me", "--json").stdout)

    done = arclight("run", "answer by region", "--follow", first["id"], "--json")

    job = json.loads(done.stdout)
    assert (job["follows"], job["before"]) == (first["id"], ["answer me"])
    assert f"Follows:   {first['id']}" in arclight("show", job["id"]).stdout


def test_following_a_job_needs_the_arclight_that_keeps_it(
    arclight: Arclight, tmp_path: Path
) -> None:
    env = {"ARCLIGHT_URL": "", "ARCLIGHT_HOME": str(tmp_path)}

    done = arclight("run", "by region", "--follow", f"job_{1:028x}", env=env)

    assert done.exit_code == 5
    assert "arclight up" in done.stderr
