"""Each strategy, on what a real engine said: the plan that it changes, and how it tells of it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from arclight.catalog.profile import ColumnProfile, ColumnType, TableProfile
from arclight.contracts.finding import Finding, Fix
from arclight.contracts.names import Framework, Severity
from services.codegen.generator import Tried
from services.codegen.planner import plan as p
from services.codegen.planner.render import render
from services.codegen.planner.render.normal import scans
from services.codegen.planner.repairs.anew import anew
from services.codegen.planner.repairs.diagnosis import symptom_of
from services.codegen.planner.repairs.follow_header import follow_header
from services.codegen.planner.repairs.remedy import Remedy
from services.codegen.planner.repairs.strategies import remedies
from services.codegen.planner.repairs.symptom import (
    BadValue,
    NoMetastore,
    OtherHeader,
    OutOfMemory,
    Overflow,
    UnknownColumn,
)
from services.validator.check import Checked
from services.validator.context import Context, Declared
from tests.codegen.render.tables import profile
from tests.codegen.repair.plans import scan, table, total
from tests.codegen.repair.recordings import failure, recorded

BOTH = tuple(f for f in Framework if f is not Framework.AUTO)


def first(planned: p.Planned, tried: Tried) -> Remedy:
    """The first remedy for what was said."""
    symptom = symptom_of(tried)
    assert symptom is not None
    return next(iter(remedies(planned, symptom)))


def read(found: Remedy, name: str) -> p.ReadColumn:
    """How the plan reads a column now."""
    columns = [c for s in scans(found.planned.root) for c in s.columns]
    return next(c for c in columns if c.as_name == name)


def check_programs(planned: p.Planned) -> dict[Framework, str]:
    """The programs of the plan, which the validator must accept without a word."""
    declared = tuple(Declared(s.table.name, s.table.uri) for s in scans(planned.root))
    programs = {framework: render(planned, framework) for framework in BOTH}
    for framework, text in programs.items():
        context = Context(
            framework=framework, sources=declared, planned=tuple(d.name for d in declared)
        )
        assert Checked(text, context).findings == (), framework
    return programs


# --- cells that do not fit their type -----------------------------------------------------------


@pytest.mark.parametrize(
    ("engine", "name", "value"),
    [
        ("spark", "cast", "n/a"),
        ("spark", "write_cast", "n/a"),
        ("spark", "malformed_csv", "n/a"),
        ("spark_connect", "cast", "n/a"),
        ("ray", "dataset_cell", "1,234"),
        ("ray", "batch_arrow_cast", "1,234"),
        ("ray", "task_value", "n/a"),
    ],
)
def test_a_cell_that_is_no_number_is_counted_as_missing(
    engine: str, name: str, value: str, planned: p.Planned
) -> None:
    found = first(planned, recorded(engine, name))

    assert read(found, "amount").clean is p.Clean.NUMBER
    assert read(found, "amount").counted
    assert repr(value) in found.reason
    assert any("missing" in said and repr(value) in said for said in found.planned.assumptions)


def test_the_program_says_how_many_cells_it_could_not_read(planned: p.Planned) -> None:
    found = first(planned, recorded("spark", "cast"))

    programs = check_programs(found.planned)

    number = 'to_number(F.col("amount"), "bigint")'
    assert f'report(sold, "amount", {number})' in programs[Framework.SPARK]
    number = 'to_number(pc.field("amount"), pa.int64())'
    assert f'report(sold, "amount", {number})' in programs[Framework.RAY]
    for text in programs.values():
        assert "that cannot be read count as missing" in text


def test_a_cell_that_is_no_date_is_read_in_other_forms(sold: TableProfile) -> None:
    by_day = total(scan(sold, "day", "amount"), "day", "amount")
    planned = p.Planned(by_day, "Totals", (), 1.0)
    bad = BadValue("05 Mar 2024", ("day",), None, ColumnType.DATE)

    found = next(iter(remedies(planned, bad)))

    assert "%d %b %Y" in read(found, "day").formats
    assert read(found, "day").counted
    check_programs(found.planned)


def test_json_lines_are_reported_on_too(tmp_path: Path) -> None:
    path = tmp_path / "sold.jsonl"
    path.write_text('{"name": "a", "amount": 1}\n')
    planned = p.Planned(
        total(scan(profile(path), "name", "amount"), "name", "amount"), "Totals", (), 1.0
    )

    found = first(planned, recorded("ray", "task_value"))

    programs = check_programs(found.planned)
    assert 'fn_kwargs={"names": ["amount"]}' in programs[Framework.RAY]


# --- columns ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("engine", "name", "unknown"),
    [
        ("spark", "column", UnknownColumn("amuont", ("amount", "name"))),
        ("spark_connect", "column", UnknownColumn("amuont", ("amount", "name"))),
        ("ray", "sum_missing", UnknownColumn("amuont", ("name", "amount"))),
        ("ray", "group_missing", UnknownColumn("nme", ("name", "amount"))),
    ],
)
def test_an_unknown_column_is_read_from_the_likeliest_that_is_there(
    engine: str, name: str, unknown: UnknownColumn, sold: TableProfile
) -> None:
    tried = recorded(engine, name)
    assert symptom_of(tried) == unknown
    stale = sold.model_copy(update={"columns": tuple(_stale(c, unknown) for c in sold.columns)})
    columns = ("name", unknown.name) if unknown.name == "amuont" else (unknown.name, "amount")
    planned = p.Planned(total(scan(stale, *columns), *columns), "Totals", (), 1.0)

    found = first(planned, tried)

    meant = {"amuont": "amount", "nme": "name"}[unknown.name]
    assert read(found, unknown.name).name == meant
    assert f"'{meant}'" in found.reason


def _stale(column: ColumnProfile, unknown: UnknownColumn) -> ColumnProfile:
    name = {"amuont": "amount", "nme": "name"}[unknown.name]
    return column.model_copy(update={"name": unknown.name}) if column.name == name else column


def test_a_finding_of_the_validator_proposes_a_column_too(planned: p.Planned) -> None:
    program = 'totals = sold.select("amuont")\n'
    fix = Fix(line=1, column=21, end_line=1, end_column=29, text='"amount"')
    finding = Finding(
        code="COL001",
        severity=Severity.ERROR,
        message="There is no column 'amuont'.",
        candidates=("amount",),
        fix=fix,
    )
    said = failure("spark", "column").model_copy(update={"details": {}, "traceback": ""})
    said = said.model_copy(update={"message": "It was rejected."})

    tried = Tried(program=program, failure=said, findings=(finding,))

    assert symptom_of(tried) == UnknownColumn("amuont", ("amount",))
    without_fix = finding.model_copy(update={"fix": None})
    tried = Tried(program=program, failure=said, findings=(without_fix,))
    assert symptom_of(tried) == UnknownColumn("amuont", ("amount",))


def test_a_new_header_in_the_same_places_is_followed(planned: p.Planned) -> None:
    [found] = follow_header(planned, ("name", "amount"), ("name", "amount_eur"))

    assert read(found, "amount").name == "amount_eur"
    [scanned] = scans(found.planned.root)
    assert [c.name for c in scanned.table.columns] == ["name", "amount_eur", "day"]
    assert "'amount_eur' for 'amount'" in found.reason
    assert "amount_eur" in check_programs(found.planned)[Framework.SPARK]


@pytest.mark.parametrize(
    ("expected", "header"),
    [
        (("name", "amount"), ("name", "day")),
        (("name", "amount"), ("name",)),
        (("nothing", "amount"), ("nothing", "sum")),
    ],
    ids=["a column that stands elsewhere", "another length", "another table"],
)
def test_a_header_that_moved_columns_is_left_to_the_schema(
    expected: Sequence[str], header: Sequence[str], planned: p.Planned
) -> None:
    assert list(follow_header(planned, expected, header)) == []


# --- numbers, memory, catalogs ------------------------------------------------------------------


def test_a_sum_that_left_64_bits_is_kept_as_a_decimal(planned: p.Planned) -> None:
    tried = recorded("spark", "overflow")
    assert symptom_of(tried) == Overflow(product=False)

    found = first(planned, tried)

    assert "decimal" in check_programs(found.planned)[Framework.SPARK]
    assert "38 digits" in found.reason


def test_out_of_memory_cuts_the_work_into_parts(tmp_path: Path, sold: TableProfile) -> None:
    names = table(tmp_path, "names", "name2,city", "a,x", [])
    joined = p.Join(scan(sold, "name", "amount"), scan(names, "name2", "city"), "name", "name2")
    planned = p.Planned(total(joined, "city", "amount"), "Totals", (), 1.0)
    tried = recorded("ray", "task_died")
    assert symptom_of(tried) == OutOfMemory()
    assert "F.broadcast(" in render(planned, Framework.SPARK)

    found = first(planned, tried)

    programs = check_programs(found.planned)
    assert "F.broadcast(" not in programs[Framework.SPARK]
    assert '.config("spark.sql.autoBroadcastJoinThreshold", "-1")' in programs[Framework.SPARK]
    assert "repartition(8, " in programs[Framework.RAY]
    assert list(remedies(found.planned, OutOfMemory())) == [], "then a larger platform must help"


def test_a_metastore_that_cannot_be_opened_brings_a_catalog_into_the_program(
    planned: p.Planned,
) -> None:
    [found] = remedies(planned, NoMetastore())

    text = check_programs(found.planned)[Framework.SPARK]
    assert '.config("spark.sql.catalogImplementation", "in-memory")' in text
    assert '.config("spark.sql.warehouse.dir", "/tmp/spark-warehouse")' in text
    assert list(remedies(found.planned, NoMetastore())) == []


@pytest.mark.parametrize("framework", BOTH)
def test_a_numeric_task_has_nothing_to_spare(framework: Framework) -> None:
    task = p.Planned(p.Compute(p.Task.FACTORIAL, (5,)), "5!", (), 1.0)

    assert list(remedies(task, OutOfMemory())) == []
    assert list(remedies(task, NoMetastore())) == []


# --- faults that only the failed program has ----------------------------------------------------


@pytest.mark.parametrize(
    ("engine", "name", "words"),
    [
        ("spark", "missing_group_by", "which groups by 'name'"),
        ("spark", "path_not_found", "reads the declared sources by their addresses"),
        ("spark", "table_not_found", "reads the declared sources by their addresses"),
        ("spark", "ambiguous", "every column has a name of its own"),
        ("spark_connect", "ambiguous", "every column has a name of its own"),
        ("spark", "datatype_mismatch", "every column has its type"),
        ("spark", "python_name", "undefined_name"),
        ("spark", "path_exists", "--output"),
        ("ray", "missing_file", "reads the declared sources by their addresses"),
        ("ray", "map_key", "names the columns that the data has"),
        ("ray", "task_name", "is not defined"),
    ],
)
def test_the_plan_s_own_program_is_the_repair_and_says_why(
    engine: str, name: str, words: str, planned: p.Planned
) -> None:
    found = anew(planned, failure(engine, name))

    assert found.planned == planned
    assert words in found.reason
    assert "anew" in found.reason


@pytest.mark.parametrize(("engine", "name"), [("spark", "divide_by_zero"), ("ray", "task_zero")])
def test_a_division_by_zero_is_missing_and_said_so(
    engine: str, name: str, sold: TableProfile
) -> None:
    share = p.Arith(p.ArithOp.DIVIDE, p.Col("amount"), p.Col("amount"))
    derived = p.Derive(scan(sold, "name", "amount"), "share", share)
    planned = p.Planned(total(derived, "name", "share"), "Totals", (), 1.0)

    found = anew(planned, failure(engine, name))

    assert found.planned.assumptions == ("a quotient whose divisor is 0 is missing",)
    assert "try_divide" in check_programs(found.planned)[Framework.SPARK]


def test_what_was_said_of_a_header_is_read_from_words_too() -> None:
    said = failure("spark", "infer").model_copy(
        update={
            "traceback": "java.lang.IllegalArgumentException: CSV header does not conform to the "
            "schema.\n Header: name, amount_eur\n Schema: name, amount\n"
            "Expected: amount but found: amount_eur\nCSV file: file:///x.csv",
            "details": {},
        }
    )

    found = symptom_of(Tried(program="", failure=said))

    assert found == OtherHeader(("name", "amount"), ("name", "amount_eur"))


def test_without_proposals_the_column_in_the_same_place_is_the_likeliest(
    sold: TableProfile, planned: p.Planned
) -> None:
    now = [
        c.model_copy(update={"name": {"amount": "units", "day": "amounts day"}.get(c.name, c.name)})
        for c in sold.columns
    ]
    again = sold.model_copy(update={"columns": tuple(now)})

    found = list(remedies(planned, UnknownColumn("amount", ()), [again]))

    assert [read(f, "amount").name for f in found] == ["units", "amounts day"]
    assert list(remedies(planned, UnknownColumn("amount", ()))) == []
