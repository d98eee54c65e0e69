"""The tables in `docs/answers.md`."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from textwrap import fill

from benchmarks.answers import report
from benchmarks.answers.outcome import Outcome
from benchmarks.execution.report import put_section

DOC = Path(__file__).parents[2] / "docs" / "answers.md"
HEAD = """# Answers: how many are right

`python -m benchmarks.answers SETDIR…` asks every question of some question sets and compares the
rows. Nothing is taken from the plan: the planner's program is rendered, checked by the validator,
run as a script in one warm Spark or Ray, and its Parquet files are read back.

A set is a folder with `questions.jsonl` (`id`, `question`, `db`, `tables`, `kind`, `ordered`,
`gold`), `schema.json` (tables with their names, primary and foreign keys where declared) and
`tables/*.csv`. The planner is given all tables of the question's database and must choose.

- **strict**: the rows of the gold answer, as often as there, in any order of rows (the gold's where
  the question asks for one) and of columns. Numbers are equal to three decimals, texts without
  regard to case.
- **lenient**: up to two columns more.
- **precision**: strictly right among the answered.
- **sure**, **assumed**, **unclear**: what the planner says of itself; `unclear` is no answer but a
  question back. **errors** are bugs: a program that was rejected or that failed.

`--framework sql` runs the plans on DuckDB instead, in seconds, for work on the planner.
`--baseline` lists what was gained and lost against an earlier `--out`. The score of each commit
stands in `benchmarks/answers/HISTORY.md`.
"""


def write(
    outcomes: Sequence[Outcome], framework: str, seconds: float, notes: Sequence[str]
) -> None:
    """Replace the section of this framework."""
    names = ", ".join(dict.fromkeys(o.set for o in outcomes))
    title = f"On {framework.capitalize()}: {names}"
    put(title, body(outcomes, seconds, notes))


def body(outcomes: Sequence[Outcome], seconds: float, notes: Sequence[str]) -> str:
    """The table with what is to be known about it."""
    about = fill(f"{len(outcomes)} questions in {seconds / 60:.1f} minutes. {measured()}", 100)
    said = "".join(f"\n- {note}" for note in notes if note)
    return f"{about}\n\n{report.table(outcomes)}\n{said}"


def measured() -> str:
    """When and where."""
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    return f"Measured on {datetime.now(UTC):%Y-%m-%d}: {machine}."


def put(title: str, text: str) -> None:
    """The document with this section, new or replaced."""
    old = DOC.read_text("utf-8") if DOC.exists() else HEAD
    DOC.write_text(put_section(old, title, text), "utf-8")
