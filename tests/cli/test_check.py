"""`arclight check`: findings of the validator in three formats, and what the rules are."""

import json
import re
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from arclight.cli.main import app

BIRDS = "birds=s3://data/birds.csv"
CLEAN = """\
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.read.csv("s3://data/birds.csv").groupBy("size").count().show()
"""
SLOW = """\
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
print(spark.read.csv("s3://data/birds.csv").collect())
"""
WRONG = CLEAN + "import subprocess\n"


def check(*args: object, stdin: str | bytes = "", env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(app, ["check", *map(str, args)], input=stdin, env=env)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "program.py"
    path.write_text(WRONG)
    return path


def test_a_clean_program_ends_with_0_and_prints_nothing_on_standard_output(program: Path) -> None:
    program.write_text(CLEAN)
    done = check(program, "--source", BIRDS)
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "Nothing found in 1 program.\n"


def test_warnings_alone_end_with_0(program: Path) -> None:
    program.write_text(SLOW)
    done = check(program, "--source", BIRDS)
    assert done.exit_code == 0
    assert "SPK004 warning:" in done.stdout
    assert done.stderr == "1 warning found in 1 program.\n"


def test_an_error_ends_with_1_and_is_shown_at_its_place(program: Path) -> None:
    done = check(program, "--source", BIRDS)
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert lines[0] == f"{program}:4:1: SEC002 error: The program imports subprocess."
    assert lines[1:4] == ["  |", "4 | import subprocess", "  | ^"]
    assert lines[4].startswith("  = help: ")


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ('x = 1; eval("1")', 8),
        ('\tx = 1; eval("1")', 9),
        ('größe = "日本"; eval("1")', 15),
        ('e\u0301 = 1; eval("1")', 9),
    ],
)
def test_the_caret_stands_below_the_place_whatever_characters_come_before(
    program: Path, line: str, column: int
) -> None:
    program.write_text(f"if True:\n{line}\n" if line.startswith("\t") else f"\n{line}\n")
    done = check(program, "--select", "SEC")
    place, _, shown, caret = done.stdout.splitlines()[:4]
    assert place.startswith(f"{program}:2:{column}: SEC")
    wide, joining = 2 * len(re.findall("[日本]", shown)), shown.count("\u0301")
    before = shown.partition("eval")[0]
    assert caret.index("^") == len(before) + wide // 2 - joining


def test_a_very_long_line_is_cut_around_the_place(program: Path) -> None:
    program.write_text(f"x = [{'1, ' * 5000}eval('1')]\n")
    place, _, shown, caret = check(program, "--select", "SEC").stdout.splitlines()[:4]
    assert f"{program}:1:15006:" in place
    assert len(shown) < 130
    assert shown[caret.index("^") :].startswith("eval")


def test_a_program_cannot_act_on_the_terminal(program: Path) -> None:
    program.write_text('eval("\x1b[2J")\n')
    done = check(program)
    assert "\x1b" not in done.stdout
    assert r"\x1b[2J" in done.stdout


def test_json_has_every_field_and_the_file(program: Path) -> None:
    done = check(program, "--source", BIRDS, "--output-format", "json")
    assert done.exit_code == 1
    (finding,) = json.loads(done.stdout)
    assert finding["file"] == str(program)
    assert (finding["code"], finding["severity"], finding["line"]) == ("SEC002", "error", 4)
    assert set(finding) >= {"column", "message", "hint", "candidates", "fix"}


def test_json_of_a_clean_program_is_an_empty_list(program: Path) -> None:
    program.write_text(CLEAN)
    done = check(program, "-s", BIRDS, "--output-format", "json")
    assert json.loads(done.stdout) == []


def test_github_gets_annotations(tmp_path: Path) -> None:
    path = tmp_path / "a,b: 100%.py"
    path.write_text(WRONG + SLOW)
    done = check(path, "--source", BIRDS, "--output-format", "github")
    first, second = done.stdout.splitlines()
    escaped = f"{tmp_path}/a%2Cb%3A 100%25.py"
    assert first.startswith(f"::error file={escaped},line=4,col=1,title=SEC002::The program")
    assert second.startswith(f"::warning file={escaped},line=7,col=7,title=SPK004::.collect()")


def test_standard_input_is_read_for_a_dash() -> None:
    done = check("-", "--source", BIRDS, stdin=WRONG)
    assert done.exit_code == 1
    assert done.stdout.startswith("<stdin>:4:1: SEC002")


def test_several_programs_are_checked_with_the_same_sources(program: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.py"
    other.write_text(SLOW)
    done = check(program, other, "--source", BIRDS)
    assert "1 error, 1 warning found in 2 programs." in done.stderr
    assert f"\n{other}:3:7: SPK004" in done.stdout


def test_bytes_that_are_no_text_are_a_finding(program: Path) -> None:
    program.write_bytes(b"x = 1\ny = '\xff'\n")
    done = check(program)
    assert done.exit_code == 1
    assert f"{program}:2:1: ARC002 error:" in done.stdout


def test_a_path_is_a_source_as_it_is_written(program: Path) -> None:
    program.write_text(CLEAN.replace("s3://data/birds.csv", "data/birds.csv"))
    assert check(program, "--source", "birds=data/birds.csv").exit_code == 0
    done = check(program, "--source", "birds=data/other.csv")
    assert "'data/birds.csv', which is not a declared source" in done.stdout


def test_a_table_of_a_catalog_is_a_source(program: Path) -> None:
    program.write_text(
        CLEAN.replace('.read.csv("s3://data/birds.csv")', '.table("sales.orders")').replace(
            "builder.", "builder.enableHiveSupport()."
        )
    )
    assert check(program, "--source", "sales.orders").exit_code == 0
    assert check(program, "--source", "sales.other").exit_code == 1


def test_who_declares_no_source_is_told_how(program: Path) -> None:
    program.write_text(CLEAN)
    done = check(program)
    assert done.exit_code == 1
    assert "--source NAME=URI" in done.stderr


def test_the_engine_is_seen_in_the_imports_or_named(program: Path) -> None:
    program.write_text("print(1)\n")
    done = check(program)
    assert done.exit_code == 0
    assert "not clearly of PySpark or Ray" in done.stderr
    done = check(program, "--framework", "ray")
    assert done.exit_code == 1
    assert "RAY001" in done.stdout


def test_a_question_that_asks_for_chance_allows_it(program: Path) -> None:
    program.write_text(
        CLEAN.replace(".groupBy", ".withColumn('r', F.rand()).groupBy").replace(
            "import SparkSession", "import SparkSession, functions as F"
        )
    )
    assert "PRV007" in check(program, "-s", BIRDS).stdout
    assert check(program, "-s", BIRDS, "--prompt", "a random number for each").stdout == ""


def test_rules_are_chosen_by_option_and_by_environment(program: Path) -> None:
    program.write_text(SLOW)
    asked = (program, "--source", BIRDS)
    assert check(*asked, "--ignore", "SPK").stdout == ""
    assert check(*asked, "--select", "RAY").stdout == ""
    assert check(*asked, "--severity", "SPK004=error").exit_code == 1
    assert check(*asked, env={"ARCLIGHT_RULES_SEVERITY": "SPK004=error"}).exit_code == 1


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "No program is named"),
        (("nowhere.py",), "nowhere.py does not exist"),
        (("-", "--source", "birds"), "names no source"),
        (("-", "--source", "=s3://x/y"), "names no source"),
        (("-", "--source", "birds="), "names no source"),
        (("-", "--ignore", "SPK999"), "There is no rule 'SPK999'"),
        (("-", "--ignore", "SEC"), "SEC cannot be ignored as a whole"),
        (("-", "--severity", "SPK005"), "not a severity of a rule"),
        (("--explain", "SPK999"), "There is no rule SPK999"),
        (("-", "--framework", "dask"), "dask"),
        (("-", "--output-format", "xml"), "xml"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_is_wrong(args: tuple[str, ...], said: str) -> None:
    done = check(*args)
    assert done.exit_code == 2
    assert said in done.stderr


def test_a_folder_is_no_program(tmp_path: Path) -> None:
    assert "is a folder" in check(tmp_path).stderr


def test_the_rules_are_listed() -> None:
    done = check("--rules")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines == sorted(lines)
    assert any(re.fullmatch(r"SPK005 +warning +No cross join by accident", x) for x in lines)
    listed = json.loads(check("--rules", "--output-format", "json").stdout)
    assert [line.split()[0] for line in lines] == [rule["code"] for rule in listed]


def test_a_rule_is_explained() -> None:
    done = check("--explain", "spk005")
    assert done.stdout.startswith("SPK005: No cross join by accident (warning)\n")
    assert "both = df.crossJoin(df)" in done.stdout
    assert "\nHelp: " in done.stdout


def test_without_the_validator_the_missing_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, program: Path
) -> None:
    monkeypatch.setitem(sys.modules, "services.validator.report", None)
    done = check(program)
    assert done.exit_code == 5
    assert "arclight[validator]" in done.stderr
