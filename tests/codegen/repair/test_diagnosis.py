"""What failures say, in the words of each engine and in the fields of the executors."""

import pytest

from arclight.catalog.profile import ColumnType
from arclight.contracts.failure import Failure, FailureKind
from services.codegen.generator import Tried
from services.codegen.planner.repairs.diagnosis import symptom_of
from services.codegen.planner.repairs.symptom import (
    AmbiguousColumn,
    BadValue,
    BrokenRecord,
    Overflow,
    Symptom,
    UnknownColumn,
)

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
