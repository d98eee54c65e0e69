"""The answers benchmark as a command, its documents, and the speed part."""

import json
import sys
from pathlib import Path

import pytest

from benchmarks.answers import __main__ as command
from benchmarks.answers import docs, speed, tables
from benchmarks.answers.speed_data import PROMPTS, WIDTH, write_tables
from benchmarks.answers.style import style
from tests.benchmarks.test_answers_report import OUTCOMES


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    tables._folder.cache_clear()


def run(monkeypatch: pytest.MonkeyPatch, *said: object) -> None:
    monkeypatch.setattr(sys, "argv", ["answers", *map(str, said)])
    command.main()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    here = tmp_path / "small_set"
    (here / "tables").mkdir(parents=True)
    (here / "tables" / "shops.csv").write_text("city,staff\nOslo,4\nOslo,6\nRome,8\n")
    asked = [
        {"id": "s/1", "question": "What is the total staff?", "gold": [[18]]},
        {"id": "s/2", "question": "How many rows are there?", "gold": [["many"]]},
    ]
    lines = [json.dumps({**a, "tables": ["tables/shops.csv"]}) for a in asked]
    (here / "questions.jsonl").write_text("\n".join(lines))
    return here


def test_a_run_prints_figures_and_writes_predictions_and_failures(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "out"
    run(monkeypatch, folder, "--framework", "sql", "--out", out, "--show", 1)
    said = capsys.readouterr().out
    assert "### s/2 · single · wrong values" in said
    assert said.splitlines()[-1].startswith("strict on sql: small_set single 50.0; all 50.0 of 2;")
    lines = (out / "small_set.predictions.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == [
        {"id": "s/1", "rows": [[18]]},
        {"id": "s/2", "rows": [[3]]},
    ]
    failures = (out / "small_set.failures.md").read_text()
    assert "s/2" in failures
    assert "s/1" not in failures
    # The same folder may be the baseline and be written again.
    run(monkeypatch, folder, "--framework", "sql", "--out", out, "--baseline", out)
    assert "gained 0: –\nlost 0: –" in capsys.readouterr().out


def test_questions_with_the_same_id_are_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit, match="same id"):
        run(monkeypatch, folder, folder, "--framework", "sql")


def test_parts_of_a_set_are_not_written_into_the_docs(folder: Path) -> None:
    with pytest.raises(SystemExit):
        command.arguments([str(folder), "--write", "--kind", "single"])
    with pytest.raises(SystemExit):
        command.arguments([str(folder), "--write", "--framework", "sql"])


def test_the_docs_have_a_section_per_framework(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docs, "DOC", tmp_path / "answers.md")
    docs.write(OUTCOMES, "spark", 90.0, [])
    docs.write(OUTCOMES, "ray", 30.0, ["Ray 40.0, Spark 40.0"])
    docs.write(OUTCOMES[:1], "spark", 90.0, [])
    text = (tmp_path / "answers.md").read_text()
    assert text.count("\n## ") == 2
    assert "1 questions in 1.5 minutes" in text
    assert "- Ray 40.0, Spark 40.0" in text


def test_style_counts_findings_and_other_formatting(tmp_path: Path) -> None:
    (tmp_path / "good.py").write_text("x = 1\n")
    (tmp_path / "bad.py").write_text("import os\n\nx = {  }\n")
    assert style(tmp_path) == (
        "ruff on 2 programs: 1 findings (bad.py F401); 1 not as ruff formats them (bad.py)"
    )


def test_speed_is_measured_on_ten_tables_of_twenty_columns(tmp_path: Path) -> None:
    made = write_tables(tmp_path)
    headers = [path.read_text().splitlines()[0].split(",") for path in made]
    assert len(made) == 10
    assert {len(set(header)) for header in headers} == {WIDTH}
    before = [path.read_bytes() for path in made]
    assert [path.read_bytes() for path in write_tables(tmp_path)] == before


def test_a_round_of_speed_plans_every_prompt(tmp_path: Path) -> None:
    speed.profiled(tmp_path)
    found = speed.measure(tmp_path)
    assert len(found.ms) == speed.REPEATS * len(PROMPTS)
    assert len(found.fresh_ms) == len(PROMPTS)
    assert min(found.ms) > 0
    assert found.answered > len(PROMPTS) / 2
    assert "ms per prompt" in speed.summary([found])
    assert "| ≤ 20 ms |" in speed.report([found])
