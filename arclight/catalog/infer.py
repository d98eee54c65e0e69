"""Column types and values from a sample of cells."""

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime

from pydantic import JsonValue

from arclight.catalog.number_text import is_number_text, number_share
from arclight.catalog.profile import ColumnProfile, ColumnType
from arclight.catalog.text_dates import date_formats
from arclight.catalog.text_forms import file_order, first_number_share, yes_no

MAX_VALUES = 200
"""Distinct values kept per column: every value of a category, few enough for one record."""
MAX_WORDS = 1_000
"""Distinct values of a text column that are still kept whole: states, airports, names, about 20 kB.
A column with more holds prose or keys, where a list of values places no word of a prompt."""
MAX_VALUE_LENGTH = 200
"""Characters. Longer cells are prose, which no prompt quotes; a cut one would match nothing."""
MAX_NOT_NUMERIC = 50
"""Cells named one by one; with more kinds of non-numbers it is no column of numbers."""
MOSTLY = 0.5
"""Share of number texts from which on a text column counts as mostly numeric."""

_INTEGER = re.compile(r"-?(0|[1-9]\d{0,18})", re.ASCII)
_DOUBLE = re.compile(r"-?((0|[1-9]\d*)\.\d*|\.\d+|(0|[1-9]\d*)(?=[eE]))([eE][-+]?\d+)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIMESTAMP = re.compile(
    r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(?P<zone>Z|[+-]\d{2}:\d{2})?)?",
    re.ASCII,
)
_BOOLEANS = {"true": True, "True": True, "TRUE": True}
_BOOLEANS |= {"false": False, "False": False, "FALSE": False}
_LONG = range(-(2**63), 2**63)
_ORDERED = frozenset({ColumnType.INTEGER, ColumnType.DOUBLE, ColumnType.DATE, ColumnType.TIMESTAMP})

QUOTED = frozenset({ColumnType.DATE, ColumnType.TIMESTAMP})
"""What the text of a format that quotes its strings (JSON) may still be read as."""


def text_column(
    name: str, cells: Sequence[str | None], types: Collection[ColumnType] = tuple(ColumnType)
) -> ColumnProfile:
    """The column of these text cells, read as one of `types`; None and "" are missing.

    A column in which any number has a leading zero (zip codes, `007`) holds codes: a string.
    """
    present = [c for c in cells if c]
    type_ = _type_of(present, types)
    column = _summary(name, type_, [_PARSE[type_](c) for c in present], len(cells))
    if type_ is not ColumnType.STRING:
        return column
    share = number_share(present)
    odd = Counter(c[:MAX_VALUE_LENGTH] for c in present if not is_number_text(c))
    named = [c for c, _ in odd.most_common(MAX_NOT_NUMERIC)] if share >= MOSTLY else []
    dates = date_formats(present)
    forms = {
        "date_formats": dates,
        "first_number": 0.0 if dates else first_number_share(present),
        "yes_no": yes_no([v for v in column.values if isinstance(v, str)]),
    }
    return column.model_copy(update={"numeric_text": share, "not_numeric": tuple(named), **forms})


def typed_column(name: str, type_: ColumnType, values: Sequence[object]) -> ColumnProfile:
    """The column of values that carry their type already; None and NaN are missing."""
    present = [v for v in map(_json, values) if v is not None]
    return _summary(name, type_, present, len(values))


def could_stand_in(column: ColumnProfile, cell: str) -> bool:
    """True when `cell` has the form of the cells of a column that is no plain text."""
    match column.type:
        case ColumnType.DATE | ColumnType.TIMESTAMP:
            return _is_timestamp(cell)
        case ColumnType.BOOLEAN:
            return cell in _BOOLEANS
        case _:
            return is_number_text(cell)


def is_value(cell: str) -> bool:
    """True for a cell that is a number, a date or a timestamp by its form."""
    return is_number_text(cell) or _is_timestamp(cell)


def _type_of(cells: Sequence[str], types: Collection[ColumnType]) -> ColumnType:
    if not cells:
        return ColumnType.STRING
    for type_, holds in _HOLDS.items():
        if type_ in types and all(map(holds, cells)):
            if type_ is ColumnType.TIMESTAMP and len({_zoned(c) for c in cells}) > 1:
                continue
            return type_
    return ColumnType.STRING


def _is_integer(cell: str) -> bool:
    # Longer digit strings are identifiers: as doubles they would lose their last digits.
    return bool(_INTEGER.fullmatch(cell)) and int(cell) in _LONG


def _is_double(cell: str) -> bool:
    return _is_integer(cell) or (bool(_DOUBLE.fullmatch(cell)) and math.isfinite(float(cell)))


def _is_date(cell: str) -> bool:
    return bool(_DATE.fullmatch(cell)) and _parses(date.fromisoformat, cell)


def _is_timestamp(cell: str) -> bool:
    return bool(_TIMESTAMP.fullmatch(cell)) and _parses(_instant, cell)


def _zoned(cell: str) -> bool:
    matched = _TIMESTAMP.fullmatch(cell)
    return matched is not None and matched["zone"] is not None


def _instant(cell: str) -> str:
    """ISO form that sorts by time: UTC where the cell names a zone."""
    at = datetime.fromisoformat(cell)
    return (at.astimezone(UTC) if at.tzinfo else at).isoformat()


def _parses(parse: Callable[[str], object], cell: str) -> bool:
    try:
        parse(cell)
    except (ValueError, OverflowError):  # the latter: year 1 or 9999 moved out of range by its zone
        return False
    return True


_HOLDS: Mapping[ColumnType, Callable[[str], bool]] = {
    ColumnType.INTEGER: _is_integer,
    ColumnType.DOUBLE: _is_double,
    ColumnType.BOOLEAN: _BOOLEANS.__contains__,
    ColumnType.DATE: _is_date,
    ColumnType.TIMESTAMP: _is_timestamp,
}
"""Narrowest first."""
_PARSE: Mapping[ColumnType, Callable[[str], JsonValue]] = {
    ColumnType.INTEGER: int,
    ColumnType.DOUBLE: float,
    ColumnType.BOOLEAN: _BOOLEANS.__getitem__,
    ColumnType.DATE: str,
    ColumnType.TIMESTAMP: _instant,
    ColumnType.STRING: str,
}


def _summary(
    name: str, type_: ColumnType, values: Sequence[JsonValue], cells: int
) -> ColumnProfile:
    counted: Counter[str | float] = Counter(v for v in values if isinstance(v, str | int | float))
    kept = [v for v, _ in counted.most_common() if len(str(v)) <= MAX_VALUE_LENGTH]
    ordered: list[float] = [v for v in counted if type_ in _ORDERED]  # type: ignore[misc]
    return ColumnProfile(
        name=name,
        type=type_,
        nulls=cells - len(values),
        distinct=len(counted),
        values=tuple(kept[: MAX_WORDS if type_ is ColumnType.STRING else MAX_VALUES]),
        minimum=min(ordered, default=None),
        maximum=max(ordered, default=None),
        file_order=file_order(values) if type_ in _ORDERED else "",  # type: ignore[arg-type]
    )


def _json(value: object) -> JsonValue:
    match value:
        case None:
            return None
        case bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else None
        case date():
            return value.isoformat()
        case _:
            return str(value)
