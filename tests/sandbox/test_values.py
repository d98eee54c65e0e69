"""The one mapping of Arrow values to JSON, row by row of its table."""

import json
import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from arclight.contracts.result import ColumnKind
from arclight.sandbox.parts import kind_of
from arclight.sandbox.values import MAX_CELL, MAX_ITEMS, json_column

NS = pa.timestamp("ns")
PAIR = pa.struct([("x", pa.int8()), ("y", NS)])

VALUES: list[tuple[pa.DataType, list[Any], list[Any], str]] = [
    (pa.null(), [None], [None], "null"),
    (pa.bool_(), [True, None], [True, None], "boolean"),
    (pa.int64(), [2**63 - 1, None], [2**63 - 1, None], "integer"),
    (pa.uint64(), [2**64 - 1], [2**64 - 1], "integer"),
    (pa.float64(), [0.1, math.nan, math.inf, -math.inf, None],
     [0.1, "NaN", "Infinity", "-Infinity", None], "float"),
    (pa.float16(), [1.5, math.nan], [1.5, "NaN"], "float"),
    (pa.decimal128(38, 10), [Decimal("0E-10"), Decimal("-1.10"), None],
     ["0.0000000000", "-1.1000000000", None], "decimal"),
    (pa.decimal256(76, 0), [Decimal("9" * 76)], ["9" * 76], "decimal"),
    (pa.string(), ["", "NaN", "ü\0", None], ["", "NaN", "ü\0", None], "text"),
    (pa.large_string(), ["x"], ["x"], "text"),
    (pa.binary(), [b"\xff", b"", None], ["/w==", "", None], "binary"),
    (pa.binary(2), [b"\0\xff"], ["AP8="], "binary"),
    (pa.date32(), [date(2024, 2, 29), None], ["2024-02-29", None], "date"),
    (pa.date32(), [-719162, -719163, 2932896, 2932897],
     ["0001-01-01", "+000000-12-31", "9999-12-31", "+010000-01-01"], "date"),
    (pa.date64(), [0, 86_400_000], ["1970-01-01", "1970-01-02"], "date"),
    (pa.time32("ms"), [time(23, 59, 59, 999000)], ["23:59:59.999"], "time"),
    (pa.time64("ns"), [1, 0], ["00:00:00.000000001", "00:00:00"], "time"),
    (pa.timestamp("us"), [datetime(2024, 2, 29, 12), -1],
     ["2024-02-29T12:00:00", "1969-12-31T23:59:59.999999"], "timestamp"),
    (NS, [1_700_000_000_123_456_789, None], ["2023-11-14T22:13:20.123456789", None], "timestamp"),
    (pa.timestamp("ns", "Europe/Berlin"), [1], ["1970-01-01T01:00:00.000000001+01:00"],
     "timestamp"),
    (pa.timestamp("s", "+05:30"), [0], ["1970-01-01T05:30:00+05:30"], "timestamp"),
    (pa.timestamp("s", "No/Where"), [0], ["1970-01-01T00:00:00+00:00"], "timestamp"),
    (pa.timestamp("us"), [-(10**17), 9 * 10**18],
     ["-001199-02-15T14:13:20", "+287168-08-24T16:00:00"], "timestamp"),
    (pa.timestamp("us", "UTC"), [-(10**17)], ["-001199-02-15T14:13:20+00:00"], "timestamp"),
    (pa.duration("ns"), [90 * 10**9, -1, None], ["PT90S", "PT-0.000000001S", None], "duration"),
    (pa.duration("us"), [timedelta(days=1)], ["PT86400S"], "duration"),
    (pa.month_day_nano_interval(), [(14, 3, 5 * 10**8), (0, 0, 0)], ["P14M3DT0.500S", "PT0S"],
     "duration"),
    (pa.list_(pa.float64()), [[1.0, None, math.nan], [], None], [[1.0, None, "NaN"], [], None],
     "list"),
    (pa.large_list(pa.string()), [["a"]], [["a"]], "list"),
    (pa.list_(pa.int8(), 2), [[1, 2], None], [[1, 2], None], "list"),
    (PAIR, [{"x": 1, "y": 1}, None], [{"x": 1, "y": "1970-01-01T00:00:00.000000001"}, None],
     "struct"),
    (pa.list_(PAIR), [[{"x": None, "y": None}]], [[{"x": None, "y": None}]], "list"),
    (pa.map_(pa.string(), pa.int8()), [[("a", 1), ("a", None)], None],
     [[["a", 1], ["a", None]], None], "map"),
    (pa.dictionary(pa.int8(), pa.string()), ["b", None, "b"], ["b", None, "b"], "text"),
]  # fmt: skip


def array(type_: pa.DataType, values: list[Any]) -> Any:
    if pa.types.is_dictionary(type_):
        return pa.array(values, type_.value_type).dictionary_encode()
    return pa.array(values, type_)


@pytest.mark.parametrize(
    ("type_", "values", "told", "kind"), VALUES, ids=[f"{i} {v[0]}" for i, v in enumerate(VALUES)]
)
def test_values_are_told_as_the_table_says(
    type_: pa.DataType, values: list[Any], told: list[Any], kind: str
) -> None:
    column = array(type_, values)

    assert json_column(column) == told
    assert json_column(column, short=True) == told
    assert json_column(column.slice(1)) == told[1:]
    assert json_column(pa.chunked_array([column, column])) == [*told, *told]
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert kind_of(column.type) == ColumnKind(kind)


def test_text_that_is_no_unicode_is_still_shown() -> None:
    offsets, data = pa.py_buffer(b"\0\0\0\0\2\0\0\0\4\0\0\0"), pa.py_buffer(b"\xffaok")

    assert json_column(pa.StringArray.from_buffers(2, offsets, data)) == ["\ufffda", "ok"]


def test_a_struct_may_have_two_fields_of_one_name() -> None:
    column = pa.StructArray.from_arrays([pa.array([1]), pa.array(["a"])], names=["x", "x"])

    assert json_column(column) == [[1, "a"]]


def test_a_preview_cuts_what_is_long() -> None:
    short = [
        json_column(pa.array([value]), short=True)[0]
        for value in ("ä" * 3000, b"a" * 3000, list(range(1000)), [["x" * 3000]])
    ]

    assert short[0] == "ä" * MAX_CELL + "…"
    assert str(short[1]).endswith("…")
    assert short[2] == [*range(MAX_ITEMS), "…"]
    assert short[3] == [["x" * MAX_CELL + "…"]]
