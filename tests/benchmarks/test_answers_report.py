"""The answers benchmark: plans, causes, tables, predictions, log."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from arclight.catalog.profile import ColumnType, TableProfile
from benchmarks.answers import history, outcome, report, sets
from benchmarks.answers.one_line import one_line
from benchmarks.answers.outcome import Outcome, Status
from benchmarks.answers.sets import Database, Question
from services.codegen.planner import plan as p

ANSWER = [["Ann", 1], ["Bob", 2]]
QUESTION = Question(
    "small", "s-1", "How many shops are there?", Database("shop", ()), "single", False, ANSWER
)


def test_a_plan_fits_in_one_line() -> None:
    table = TableProfile(
        name="shop", uri="file:///shop.csv", format="csv", columns=(), bytes=1, sampled_rows=0
    )
    read = p.ReadColumn("Staff", ColumnType.INTEGER, "staff", clean=p.Clean.NUMBER)
    few = p.Filter(p.Scan(table, (read,)), p.Compare(p.CompareOp.GT, p.Col("staff"), p.Lit(4)))
    total = p.Aggregate(few, (), (p.Measure(p.Func.SUM, p.Col("staff"), "total"),))
    assert one_line(p.Limit(p.Sort(total, (p.SortKey("total", True),)), 1)) == (
        "shop[Staff→staff:number] | filter (staff > 4) | aggregate [], [Measure(sum, staff, total)]"
        " | sort [total desc] | limit 1"
    )


@pytest.mark.parametrize(
    ("rows", "cause"),
    [
        ([], "no rows"),
        ([["Ann"], ["Bob"]], "wrong column count"),
        ([["Ann", 1]], "wrong row count"),
        ([["Bob", 2], ["Ann", 1]], "order"),
        ([["Ann", 1, 0], ["Bob", 2, 0]], "extra columns"),
        ([["Ann", 5], ["Bob", 2]], "wrong values in some columns"),
        ([["Eve", 5], ["Bob", 2]], "wrong values"),
        (ANSWER, ""),
    ],
)
def test_a_failure_has_a_cause(rows: sets.Rows, cause: str) -> None:
    question = replace(QUESTION, ordered=True)
    assert outcome.judged(question, rows)[2] == cause


def made(id: str, right: bool, certainty: str = "assumed", **more: Any) -> Outcome:
    status = Status.ABSTAINED if certainty == "unclear" else Status.ANSWERED
    cause = "" if right else "wrong values"
    given: dict[str, Any] = {"status": status, "rows": [[1]], "certainty": certainty}
    judged = {"strict": right, "lenient": right, "cause": cause}
    return Outcome("small", "single", id, **{**given, **judged, **more})


OUTCOMES = [
    made("a", True, "sure"),
    made("b", True),
    made("c", False),
    made("d", False, "unclear", rows=[]),
    made("e", False, "", status=Status.ERROR, rows=[]),
]


def test_the_table_has_coverage_and_precision() -> None:
    row = report.table(OUTCOMES).splitlines()[2]
    figures = [cell.strip() for cell in row.strip("|").split("|")]
    assert figures == [
        *("small", "single", "5", "40.0", "40.0", "60.0", "66.7"),
        *("20.0", "100.0", "40.0", "50.0", "20.0", "1", "0.0"),
    ]


def test_the_summary_is_one_line_with_the_strict_figures() -> None:
    line = report.summary(OUTCOMES, "spark")
    assert line == (
        "strict on spark: small single 40.0; all 40.0 of 5; sure 100.0 right at 20.0; 1 errors"
    )


def test_what_was_gained_and_lost_is_named() -> None:
    now = [made("a", False), made("b", True), made("c", True), made("z", True)]
    assert report.changes(now, OUTCOMES).splitlines() == [
        "gained 1: c",
        "lost 1: a",
        "1 questions are not in the baseline",
    ]


def test_ray_is_compared_with_spark_on_the_same_questions() -> None:
    spark = [made("a", True), made("b", True), made("c", False), made("d", True)]
    ray = [made("a", True), made("b", False), made("c", True), made("d", False), made("x", True)]
    said = report.versus(ray, spark).splitlines()
    assert said == [
        "Ray 50.0, Spark 75.0 on the same 4 questions: -25.0 points",
        "right on Spark only: b d",
        "right on Ray only: c",
    ]


def test_a_failure_is_written_for_people() -> None:
    question = replace(QUESTION, gold_sql="SELECT 1")
    one = made("s-1", False, rows=[["Ann", None]], summary="Shops", confidence=0.5, plan="shop[]")
    assert report.failure(replace(one, assumptions=("a", "b")), question).splitlines() == [
        "### s-1 · single · wrong values",
        "- question: How many shops are there?",
        "- gold sql: SELECT 1",
        "- gold: Ann | 1; Bob | 2",
        "- ours: Ann | ∅",
        "- summary: Shops (assumed 0.50)",
        "- assumed: a; b",
        "- plan: shop[]",
    ]


def test_outcomes_are_read_back_and_predictions_can_be_scored(tmp_path: Path) -> None:
    outcome.write(OUTCOMES, tmp_path / "o.jsonl")
    again = outcome.read(tmp_path / "o.jsonl")
    assert [replace(o, assumptions=(), features=()) for o in again] == OUTCOMES
    said = [json.loads(outcome.prediction(o)) for o in OUTCOMES]
    assert said[0] == {"id": "a", "rows": [[1]]}
    assert said[3:] == [{"id": "d", "abstain": True}, {"id": "e", "abstain": True}]


def test_the_log_has_a_row_per_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "FILE", tmp_path / "HISTORY.md")
    monkeypatch.setattr(history, "commit", lambda: "abc1234+")
    history.add(OUTCOMES, "spark")
    history.add(OUTCOMES[:2], "sql")
    *_, first, second = (tmp_path / "HISTORY.md").read_text().splitlines()
    assert "| abc1234+ | spark | 5 | small single 40.0 | 100.0 at 20.0 | 1 |" in first
    assert "| sql | 2 | small single 100.0 | 100.0 at 50.0 | 0 |" in second
