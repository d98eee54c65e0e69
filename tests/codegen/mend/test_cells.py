"""Cells that cannot be converted: counted and said, never dropped in silence."""

import pytest

from arclight.contracts.names import Framework
from tests.codegen.mend.mending import (
    RAY,
    SALES,
    SPARK_PROGRAM,
    cured,
    line_of,
    mended,
    program,
    recorded,
)

NULLABLE = 'errors="coerce", dtype_backend="numpy_nullable"'
TOTAL = 'total = df.groupBy("region").agg(F.sum(F.col("amount").cast("int")).alias("total"))\n'


@pytest.mark.parametrize("engine", ["spark", "spark_connect"])
@pytest.mark.parametrize(
    ("case", "tried"),
    [
        ("cast", 'F.sum(F.col("amount").try_cast("int")).alias("total")'),
        ("cast_date", 'df.select(F.col("name").try_cast("date"))'),
        ("write_cast", 'df.select(F.col("amount").try_cast("double"))'),
        ("to_date", 'df.select(F.try_to_date("amount", "yyyy-MM-dd"))'),
    ],
)
def test_the_recorded_program_counts_what_it_cannot_read(
    engine: str, case: str, tried: str
) -> None:
    failure = recorded(engine, case)

    found = mended(SPARK_PROGRAM, failure)

    assert found is not None
    assert tried in found.program
    assert "isNull()).count(), file=sys.stderr)" in found.program
    [assumption] = found.assumptions
    assert f"such as {failure.details['value']!r}" in assumption


def test_the_count_stands_before_the_statement_and_is_of_the_frame_below_the_grouping() -> None:
    text = program(TOTAL)
    failure = recorded("spark", "cast", line=line_of(text, "total"))

    assert cured(text, failure).splitlines() == [
        "import sys",
        "print(\"Cells of 'amount' that are no INT and count as missing:\", "
        'df.filter(F.col("amount").isNotNull() & F.col("amount").try_cast("int").isNull())'
        ".count(), file=sys.stderr)",
        'total = df.groupBy("region").agg(F.sum(F.col("amount").try_cast("int")).alias("total"))',
    ]


def test_a_frame_of_a_function_s_inside_is_counted_there() -> None:
    text = program(
        """
        def main(frame):
            return frame.withColumn("n", frame.amount.cast("int"))
        """
    )

    lines = cured(text, recorded("spark", "cast", line=line_of(text, "return")))

    assert "\n    print(" in lines
    assert "frame.filter(frame.amount.isNotNull()" in lines


def test_where_the_frame_cannot_be_said_before_only_the_assumption_says_it() -> None:
    text = program('many = [f.select(F.col("amount").cast("int")) for f in frames]\n')

    found = mended(text, recorded("spark", "cast", line=line_of(text, "many")))

    assert found is not None
    assert "print(" not in found.program
    assert found.assumptions


def test_only_the_cast_of_the_column_is_changed() -> None:
    text = program('x = df.select(F.col("day").cast("int"), F.col("amount").cast("int"))\n')

    lines = cured(text, recorded("spark", "cast", line=line_of(text, "x =")))

    assert lines.endswith('df.select(F.col("day").cast("int"), F.col("amount").try_cast("int"))')


def test_a_number_with_commas_is_read_as_it_is_written() -> None:
    text = program(TOTAL)
    failure = recorded("spark", "cast", line=line_of(text, "total"), value="1,234")

    found = mended(text, failure)

    assert found is not None
    cleaned = r'F.regexp_replace(F.col("amount"), r"[,$€£\s]", ' + "'').cast(\"int\")"
    assert cleaned in found.program
    assert "commas separate thousands" in found.assumptions[0]


@pytest.mark.parametrize(
    ("query", "new"),
    [
        ("select cast(amount as int) from s", "select try_cast(amount as int) from s"),
        ("SELECT CAST(amount AS INT) FROM s", "SELECT TRY_CAST(amount AS INT) FROM s"),
    ],
)
def test_sql_tries_the_cast(query: str, new: str) -> None:
    text = program(f'spark.sql("{query}").show()\n')

    assert cured(text, recorded("spark", "cast", line=6)) == f'spark.sql("{new}").show()'


def test_dates_are_read_by_the_format_that_the_column_has() -> None:
    text = program('x = df.select(F.col("day").cast("date"))\n')
    failure = recorded(
        "spark", "cast_date", line=line_of(text, "x ="), column="day", value="24/12/2026"
    )

    assert cured(text, failure, SALES) == (
        'x = df.select(F.try_to_timestamp(F.col("day"), F.lit("d/M/yyyy")).cast("date"))'
    )


def test_a_pattern_that_is_not_the_column_s_is_replaced() -> None:
    text = program('x = df.select(F.to_date("day", "yyyy-MM-dd"))\n')
    failure = recorded("spark", "to_date", line=line_of(text, "x ="), value="24/12/2026")

    found = mended(text, failure, SALES)

    assert found is not None
    assert found.program.splitlines()[-1] == 'x = df.select(F.to_date("day", "d/M/yyyy"))'
    assert "not as yyyy-MM-dd" in found.reason


def test_to_timestamp_takes_its_pattern_as_a_literal_when_tried() -> None:
    text = program('x = df.select(F.to_timestamp(F.col("when"), "yyyy"))\n')

    lines = cured(text, recorded("spark", "to_date", line=line_of(text, "x =")))

    assert lines.endswith('df.select(F.try_to_timestamp(F.col("when"), F.lit("yyyy")))')


def test_a_reader_that_fails_fast_becomes_permissive_and_says_so() -> None:
    found = mended(SPARK_PROGRAM, recorded("spark", "malformed_csv"))

    assert found is not None
    assert 'mode="PERMISSIVE"' in found.program
    assert "such as 'n/a'" in found.assumptions[0]


@pytest.mark.parametrize(
    ("case", "line", "new"),
    [
        (
            "batch_to_numeric",
            'batch["n"] = pd.to_numeric(batch["amount"])',
            'batch["n"] = pd.to_numeric(batch["amount"].str.replace(",", ""))',
        ),
        (
            "batch_pandas",
            'batch["n"] = batch["amount"].astype(float)',
            'batch["n"] = batch["amount"].str.replace(",", "").astype(float)',
        ),
        (
            "map_value",
            'batch["n"] = float(batch["amount"])',
            'batch["n"] = float(str(batch["amount"]).replace(",", ""))',
        ),
    ],
)
def test_commas_are_taken_out_where_python_converts(case: str, line: str, new: str) -> None:
    text = program(f"def f(batch):\n    {line}\n    return batch\n", RAY)
    failure = recorded("ray", case, line=line_of(text, "batch["))

    assert cured(text, failure, framework=Framework.RAY).strip() == new


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ('n = pd.to_numeric(batch["amount"])', f'pd.to_numeric(batch["amount"], {NULLABLE})'),
        ('n = batch["amount"].astype("int64")', f'pd.to_numeric(batch["amount"], {NULLABLE})'),
        ('n = pd.to_datetime(batch["amount"])', 'pd.to_datetime(batch["amount"], errors="coerce")'),
    ],
)
def test_other_cells_are_missing_and_counted_where_pandas_converts(line: str, read: str) -> None:
    text = program(f"import pandas as pd\ndef f(batch):\n    {line}\n    return n\n", RAY)
    failure = recorded("ray", "batch_to_numeric", line=line_of(text, "n ="), value="n/a")

    lines = cured(text, failure, framework=Framework.RAY).splitlines()

    assert lines[-1] == f"    n = {read}"
    assert lines[-2] == (
        '    print("Cells that cannot be read and count as missing:", '
        f'(batch["amount"].notna() & {read}.isna()).sum(), file=sys.stderr)'
    )


def test_a_cell_that_only_python_reads_stays_the_person_s_to_decide() -> None:
    text = program("def number(x):\n    return float(x)\n", RAY)

    assert mended(text, recorded("ray", "task_value", line=5), framework=Framework.RAY) is None
