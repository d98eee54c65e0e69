"""Failures of real engines lead to programs that give the right answer."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from arclight.catalog.profile import ColumnType, TableProfile
from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.contracts.finding import Finding
from arclight.contracts.names import Framework, Severity
from services.codegen.generator import Ask, Draft, Tried
from services.codegen.planner.plan import (
    Aggregate,
    Bucket,
    Col,
    Func,
    Join,
    Key,
    Measure,
    Node,
    Planned,
    Project,
    ReadColumn,
    Scan,
    Sort,
    SortKey,
    Unit,
)
from services.codegen.planner.remedy import remedies
from services.codegen.planner.repair import repair
from services.codegen.planner.symptom import (
    AmbiguousColumn,
    BadValue,
    BrokenRecord,
    Overflow,
    Symptom,
    UnknownColumn,
    symptom_of,
)
from tests.codegen.render.conftest import Engine, ProgramFailed
from tests.codegen.render.tables import profile
from tests.codegen.render.test_answers import Rows, rows_in, rows_of

CLEAN_ROWS = 1_100
"""More than the sample that types come from, so that odd cells below are a surprise."""


def failure_of(error: dict[str, object]) -> Failure:
    """As little as an executor can know: the kind, and the engine's own words."""
    causes = error.get("causes")
    words = [str(error["message"]), *(causes if isinstance(causes, list) else [])]
    return Failure(
        kind=FailureKind.DATA,
        code=str(error.get("condition") or "PROGRAM_FAILED"),
        message=str(error["message"]).splitlines()[0],
        details={"parameters": dict(error["parameters"])} if error.get("parameters") else {},  # type: ignore[call-overload]
        traceback="\n".join(words),
    )


def solve(root: Node, framework: str, runner: Engine, most: int = 5) -> tuple[Rows, list[Draft]]:
    """The loop: run, repair, run again, at most five times."""
    ask = Ask(prompt="What is it?", tables=(), framework=Framework(framework))
    drafts: list[Draft] = []
    tried: list[Tried] = []
    while True:
        draft = repair(ask, tried, lambda _: Planned(root, "Summary", (), 1.0))
        drafts.append(draft)
        try:
            return rows_in(runner.run(draft.program)), drafts
        except ProgramFailed as failed:
            assert len(drafts) < most, [d.reason for d in drafts]
            tried.append(Tried(program=draft.program, failure=failure_of(failed.error)))


def table(folder: Path, name: str, header: str, row: str, odd: list[str]) -> TableProfile:
    """A CSV whose odd rows stand below the sample."""
    path = folder / f"{name}.csv"
    rows = [row.format(i=i, month=i % 12 + 1) for i in range(CLEAN_ROWS)]
    path.write_text("\n".join([header, *rows, *odd]) + "\n")
    return profile(path)


def scan(table: TableProfile, *columns: str) -> Scan:
    known = {c.name: c.type for c in table.columns}
    return Scan(table, tuple(ReadColumn(c, known[c], c) for c in columns))


def total(source: Node, key: str, *columns: str) -> Node:
    measures = tuple(Measure(Func.SUM, Col(c), f"sum of {c}") for c in columns)
    return Sort(Aggregate(source, (Key(Col(key), key),), measures), (SortKey(key),))


def in_sql(table: TableProfile, sql: str) -> Rows:
    path = table.uri.removeprefix("file://")
    with duckdb.connect() as db:
        db.execute(f"create table t as from read_csv('{path}', header=true, all_varchar=true)")
        return rows_of(db.execute(sql).fetchall())


@pytest.mark.parametrize(
    ("odd", "attempts"),
    [(["n/a"], 2), (["1,234"], 2), (["12.5"], 2), (["n/a", "1,234", "$5", " 12 %", "7.5"], 3)],
    ids=str,
)
def test_amounts_that_are_no_numbers(
    odd: list[str], attempts: int, tmp_path: Path, engine: tuple[str, Engine]
) -> None:
    # Given a column of whole numbers in which other cells stand below the sample
    rows = [f'b,"{cell}",1' for cell in odd]
    sold = table(tmp_path, "sold", "shop,amount,boxes", "a,{i},2", rows)
    plan = total(scan(sold, "shop", "amount", "boxes"), "shop", "amount", "boxes")
    # When the loop runs
    answer, drafts = solve(plan, *engine)
    # Then the answer counts what spells a number, and the plan says so
    plain = """try_cast(regexp_replace(amount, '[$,% ]', '', 'g') as double)"""
    sql = f"select shop, sum({plain}), sum(boxes::int)::bigint from t group by 1 order by 1"
    assert answer == in_sql(sold, sql)
    assert len(drafts) == attempts
    assert "amount" in drafts[-1].reason
    assert "boxes" not in drafts[-1].reason, "only the offending column changes"
    # Spark names the first of them, Arrow the last.
    assert any(cell.strip() in a for cell in odd for a in drafts[1].plan.assumptions)


def test_dates_that_are_none(tmp_path: Path, engine: tuple[str, Engine]) -> None:
    rows = ["2024/02/01,5", "oops,7", "32/13/2024,1"]
    log = table(tmp_path, "log", "day,hits", "2023-{month:02}-15,{i}", rows)
    key = Key(Bucket(Unit.MONTH, Col("day")), "month")
    counted = Aggregate(scan(log, "day", "hits"), (key,), (Measure(Func.SUM, Col("hits"), "hits"),))
    answer, drafts = solve(Sort(counted, (SortKey("month"),)), *engine)
    sql = """select date_trunc('month', coalesce(try_cast(day as date),
        try_strptime(day, '%Y/%m/%d')::date)) m, sum(hits::int)::bigint
        from t group by 1 order by 1 nulls last"""
    assert [r[1] for r in answer] == [r[1] for r in in_sql(log, sql)]
    assert len(drafts) == 2
    assert "'day'" in drafts[-1].reason


def test_json_with_a_text_among_numbers(tmp_path: Path, engine: tuple[str, Engine]) -> None:
    path = tmp_path / "sold.jsonl"
    lines = [f'{{"shop": "a", "amount": {i}}}' for i in range(CLEAN_ROWS)]
    path.write_text("\n".join([*lines, '{"shop": "b", "amount": "n/a"}', '{"shop": "b"}']) + "\n")
    answer, drafts = solve(total(scan(profile(path), "shop", "amount"), "shop", "amount"), *engine)
    assert answer == [("a", sum(range(CLEAN_ROWS))), ("b", None)]
    assert len(drafts) == 2


def test_a_column_that_was_renamed(tmp_path: Path, engine: tuple[str, Engine]) -> None:
    path = tmp_path / "sold.parquet"
    content = pa.table({"shop": ["a"], "total_amount": [3], "amount_eur": [5]})
    pq.write_table(content, path)
    known = profile(path)
    stale = Scan(known, (scan(known, "shop").columns[0], *scan(known, "amount_eur").columns))
    column = dataclasses.replace(stale.columns[1], name="amount", as_name="amount")
    plan = total(Scan(known, (stale.columns[0], column)), "shop", "amount")
    answer, drafts = solve(plan, *engine)
    assert answer == [("a", 5)]
    assert "amount_eur" in drafts[-1].reason


@pytest.mark.spark
def test_sums_beyond_64_bits(tmp_path: Path, spark: Engine) -> None:
    sold = table(tmp_path, "sold", "shop,amount", "a,{i}", [f"b,{2**63 - 1}", "b,1"])
    answer, drafts = solve(total(scan(sold, "shop", "amount"), "shop", "amount"), "spark", spark)
    assert answer[1] == ("b", 2**63)
    assert len(drafts) == 2


@pytest.mark.spark
def test_names_that_differ_by_case_only(tmp_path: Path, spark: Engine) -> None:
    left = table(tmp_path, "left", "id,x", "{i},{i}", [])
    right = table(tmp_path, "right", "ID,y", "{i},{i}", [])
    joined = Join(scan(left, "id", "x"), scan(right, "ID", "y"), "id", "ID")
    plan = Sort(Project(joined, ("x", "y", "ID")), (SortKey("x", True),))
    answer, drafts = solve(plan, "spark", spark)
    assert answer[0] == (CLEAN_ROWS - 1,) * 3
    assert "'ID'" in drafts[-1].reason or "'id'" in drafts[-1].reason


@pytest.mark.spark
def test_line_breaks_in_cells(tmp_path: Path, spark: Engine) -> None:
    sold = table(tmp_path, "sold", "shop,amount,note", "a,{i},x", ['b,7,"two\nlines"'])
    unaware = sold.model_copy(update={"multiline": False})
    plan = Sort(scan(unaware, "shop", "amount", "note"), (SortKey("shop", True),))
    answer, drafts = solve(plan, "spark", spark)
    assert answer[0] == ("b", 7, "two\nlines")
    assert len(drafts) == 2


# --- what failures say, in the words of each engine ---------------------------------------------

PROGRAM = 'x = 1\n    F.col("Cost Repair").cast("bigint"),\n    plain.cast(kind)\n'
SAID = {
    "spark cast, its line": (
        '[CAST_INVALID_INPUT] The value \'n/a\' of the type "STRING" cannot be cast to "BIGINT" '
        'because it is malformed.\n== DataFrame ==\n"cast" was called from\n/run/p x/prog.py:2\n',
        BadValue("n/a", ("Cost Repair",), None, "integer"),
    ),
    "spark cast in the helper": (
        '[CAST_INVALID_INPUT] The value \'1.5\' of the type "STRING" cannot be cast to "BIGINT" '
        'because\n"cast" was called from\n/run/program.py:3',
        BadValue("1.5", (), None, "integer", True),
    ),
    "spark read": (
        "[MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION] Malformed records are detected\n"
        'Caused by: java.lang.NumberFormatException: For input string: "n/a"',
        BadValue("n/a"),
    ),
    "spark date": ("Text 'oops' could not be parsed at index 0", BadValue("oops")),
    "spark json": (
        "[CANNOT_PARSE_JSON_FIELD] Cannot parse the field name 'amount' and the value n/a of the "
        'JSON token type VALUE_STRING to target Spark data type "INT".',
        BadValue("n/a", ("amount",)),
    ),
    "arrow read": (
        "pyarrow.lib.ArrowInvalid: In CSV column #11: Row #9: CSV conversion error to int64: "
        "invalid value 'it's'",
        BadValue("it's", (), 11, "integer"),
    ),
    "arrow date": (
        "In CSV column #0: CSV conversion error to date32[day]: invalid value 'oops'",
        BadValue("oops", (), 0, "date"),
    ),
    "arrow cast": (
        "Failed to parse string: '7.5' as a scalar of type int64",
        BadValue("7.5", (), None, "integer", True),
    ),
    "arrow cast of a column": (
        "Failed to parse string: '7.5' as a scalar of type int64 in column 'amount'",
        BadValue("7.5", ("amount",), None, "integer", True),
    ),
    "executor": (
        "The value 'n/a' in column 'amount' cannot be read as a bigint.",
        BadValue("n/a", ("amount",)),
    ),
    "python": ("could not convert string to float: 'n/a'", BadValue("n/a")),
    "spark record": ("[MALFORMED_CSV_RECORD] Malformed CSV record: 2,20", BrokenRecord()),
    "arrow record": ("CSV parse error: Row #3: Expected 4 columns, got 3: 2,20", BrokenRecord()),
    "spark column": (
        "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column, variable, or function parameter with name "
        "`idd` cannot be resolved. Did you mean one of the following? [`id`, `t`.`ids`].",
        UnknownColumn("idd", ("id", "ids")),
    ),
    "arrow column": (
        "No match for FieldRef.Name(amount) in id: int64\namt eur: int64\nday: date32[day]",
        UnknownColumn("amount", ("id", "amt eur", "day")),
    ),
    "ray column": (
        "ValueError: there is no column 'amount', only ['id', 'amt eur']",
        UnknownColumn("amount", ("id", "amt eur")),
    ),
    "spark ambiguous": (
        "[AMBIGUOUS_REFERENCE] Reference `id` is ambiguous, could be: [`id`, `id`].",
        AmbiguousColumn("id"),
    ),
    "spark overflow": (
        "[ARITHMETIC_OVERFLOW] overflow. Use 'try_add' to tolerate",
        Overflow(False),
    ),
    "spark product": ("[ARITHMETIC_OVERFLOW] long overflow. Use 'try_multiply'", Overflow(True)),
    "arrow overflow": ("pyarrow.lib.ArrowInvalid: overflow", Overflow(False)),
    "something else": ("NameError: name 'x' is not defined", None),
}


def attempt(message: str, **details: str) -> Tried:
    failure = Failure(
        kind=FailureKind.DATA, code="PROGRAM_FAILED", message=message[:60], traceback=message
    )
    return Tried(program=PROGRAM, failure=failure.model_copy(update={"details": details}))


@pytest.mark.parametrize(("message", "expected"), SAID.values(), ids=SAID.keys())
def test_what_a_message_says(message: str, expected: Symptom | None) -> None:
    assert symptom_of(attempt(message)) == expected


def test_fields_win_over_words() -> None:
    tried = attempt("The value 'x' cannot be read as a number.", value="n/a", column="Cost")
    found = symptom_of(tried)
    assert isinstance(found, BadValue)
    assert (found.value, found.columns) == ("n/a", ("Cost",))


def with_fields(code: str, **details: str) -> Tried:
    """A failure as executors report it: sentences of their own, facts in fields."""
    failure = Failure(kind=FailureKind.DATA, code=code, message="It failed.", details={**details})
    return Tried(program=PROGRAM, failure=failure)


@pytest.mark.parametrize(
    ("tried", "expected"),
    [
        (
            with_fields("BAD_VALUE", value="n/a", column="Cost", target_type="BIGINT"),
            BadValue("n/a", ("Cost",), None, ColumnType.INTEGER),
        ),
        (with_fields("BAD_VALUE"), BadValue()),
        (with_fields("MALFORMED_RECORD"), BrokenRecord()),
        (
            with_fields("UNRESOLVED_COLUMN", objectName="idd", proposal="id, ids"),
            UnknownColumn("idd", ("id", "ids")),
        ),
        (with_fields("AMBIGUOUS_REFERENCE", name="id"), AmbiguousColumn("id")),
        (with_fields("ARITHMETIC_OVERFLOW"), Overflow(False)),
        (with_fields("DIVIDE_BY_ZERO"), None),
    ],
    ids=lambda v: v.failure.code if isinstance(v, Tried) else "",
)
def test_what_fields_say(tried: Tried, expected: Symptom | None) -> None:
    assert symptom_of(tried) == expected


# --- when there is nothing left to change -------------------------------------------------------


def sold(tmp_path: Path) -> Node:
    path = tmp_path / "sold.csv"
    path.write_text("shop,amount\na,1\n")
    return total(scan(profile(path), "shop", "amount"), "shop", "amount")


def again(root: Node, *messages: str) -> Draft:
    """The repair after each message in turn."""
    ask = Ask(prompt="q", tables=(), framework=Framework.SPARK)
    planner: Callable[[Ask], Planned] = lambda _: Planned(root, "s", (), 1.0)  # noqa: E731
    tried: list[Tried] = []
    for message in messages:
        draft = repair(ask, tried, planner)
        failure = Failure(kind=FailureKind.DATA, code="BAD", message=message)
        tried.append(Tried(program=draft.program, failure=failure))
    return repair(ask, tried, planner)


BAD = "The value '{}' in column 'amount' cannot be read as a bigint."


def test_each_repair_keeps_the_ones_before(tmp_path: Path) -> None:
    draft = again(sold(tmp_path), BAD.format("n/a"), BAD.format("7.5"))
    assert 'to_number(F.col("amount"), "double")' in draft.program
    assert len(draft.plan.assumptions) == 2


def test_no_program_is_given_twice(tmp_path: Path) -> None:
    with pytest.raises(StepFailed) as failed:
        again(sold(tmp_path), BAD.format("n/a"), BAD.format("7.5"), BAD.format("zzz"))
    assert failed.value.failure.code == "NO_FURTHER_REPAIR"
    assert failed.value.failure.kind is FailureKind.DATA
    assert "zzz" in failed.value.failure.message
    assert failed.value.failure.hint


def test_a_rejected_program_of_the_planner_ends_cleanly(tmp_path: Path) -> None:
    ask = Ask(prompt="q", tables=(), framework=Framework.RAY)
    root = sold(tmp_path)
    first = repair(ask, [], lambda _: Planned(root, "s", (), 1.0))
    failure = Failure(kind=FailureKind.REJECTED, code="SEC001", message="It imports socket.")
    finding = Finding(code="SEC001", severity=Severity.ERROR, message="It imports socket.")
    tried = [Tried(program=first.program, failure=failure, findings=(finding,))]
    with pytest.raises(StepFailed) as failed:
        repair(ask, tried, lambda _: Planned(root, "s", (), 1.0))
    assert failed.value.failure.kind is FailureKind.REJECTED
    assert failed.value.failure.code == "NO_FURTHER_REPAIR"


def test_the_program_of_another_generator_is_replaced_by_the_plan(tmp_path: Path) -> None:
    ask = Ask(prompt="q", tables=(), framework=Framework.AUTO)
    failure = Failure(kind=FailureKind.DATA, code="DIVIDE_BY_ZERO", message="A division by zero.")
    tried = [Tried(program="from pyspark.sql import functions as F\n1 / 0\n", failure=failure)]
    draft = repair(ask, tried, lambda _: Planned(sold(tmp_path), "s", (), 1.0))
    assert draft.framework is Framework.SPARK
    assert "anew" in draft.reason


def test_the_offending_column_alone_is_tried_after_all_suspects(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("shop,a,b\nx,1,2\n")
    root = total(scan(profile(path), "shop", "a", "b"), "shop", "a", "b")
    reasons = [r.reason for r in remedies(root, BadValue("n/a"))]
    assert "'a' and 'b'" in reasons[0]
    assert len(reasons) == 3
