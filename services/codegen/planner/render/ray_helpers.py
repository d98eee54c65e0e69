"""The helper functions of Ray programs: each program has those that it calls."""

from collections.abc import Iterable, Sequence

from services.codegen.planner.render.clean import (
    BESIDE_NUMBER,
    DECORATION,
    FIRST_NUMBER_CODE,
    MINUS,
    NUMBER,
)
from services.codegen.planner.render.imports import names_in
from services.codegen.planner.render.ray_groups import GROUP_HELPERS

_PARSED = '''\
def parsed(lines: pa.Table, names: list[str]) -> pa.Table:
    """The values of JSON lines, each as text: types are given to them afterwards."""
    rows = [json.loads(line) for line in lines["text"].to_pylist()]
    cells = [pa.array([as_text(row.get(name)) for row in rows], pa.string()) for name in names]
    others = lines.drop_columns("text")
    return pa.table([*cells, *others.columns], names=[*names, *others.column_names])'''

_AS_TEXT = '''\
def as_text(cell: object) -> str | None:
    """A JSON value as text: 1.5 is "1.5", true is "true"."""
    return cell if isinstance(cell, str | None) else json.dumps(cell)'''

_CHOSEN = '''\
def chosen(rows: ray.data.Dataset, columns: list[str]) -> ray.data.Dataset:
    """These columns alone; Ray Data itself leaves a missing one out without a word."""
    found = rows.columns() or []
    for column in columns:
        if column not in found:
            raise ValueError(f"there is no column {column!r}, only {found}")
    return rows.select_columns(columns)'''

_SELECT = '''\
def select(rows: pa.Table, columns: dict[str, pc.Expression]) -> pa.Table:
    """The rows with exactly these columns; what goes wrong in one of them names it."""
    found = {}
    for name, column in columns.items():
        try:
            found[name] = ds.InMemoryDataset(rows).to_table({name: column})[name]
        except pa.ArrowInvalid as error:
            raise ValueError(f"{error} in column {name!r}") from None
    return pa.table(found)'''

_WITH_COLUMN = '''\
def with_column(rows: pa.Table, name: str, value: pc.Expression) -> pa.Table:
    """The rows with one more column."""
    columns = {column: pc.field(column) for column in rows.column_names}
    return ds.InMemoryDataset(rows).to_table({**columns, name: value})'''

_VALUE = '''\
def value(text: pc.Expression, kind: pa.DataType) -> pc.Expression:
    """The cells as values; a cell that does not fit its type stops the run."""
    return pc.utf8_trim_whitespace(text).cast(kind)'''

_PRESENT = '''\
def present(text: pc.Expression) -> pc.Expression:
    """NULL for an empty text."""
    return pc.if_else(text != "", text, None)'''

_TO_NUMBER = f'''\
def to_number(text: pc.Expression, kind: pa.DataType) -> pc.Expression:
    """`1,234`, `$5` and `12 %` are numbers; a cell that spells no number becomes NULL."""
    plain = pc.replace_substring_regex(text, r"{DECORATION}", "")
    return pc.if_else(pc.match_substring_regex(text, NUMBER), plain, None).cast(kind)'''

_FIRST_NUMBER = f'''\
def first_number(text: pc.Expression, kind: pa.DataType) -> pc.Expression:
    """The first number that stands in a text; NULL for a text without one."""
    found = pc.struct_field(pc.extract_regex(text, f"(?P<number>{{FIRST_NUMBER}})"), "number")
    plain = pc.replace_substring_regex(found, r"{BESIDE_NUMBER}", "")
    return pc.replace_substring_regex(plain, r"{MINUS}", "-").cast(kind)'''

_TO_TIME = '''\
def to_time(text: pc.Expression, formats: list[str], kind: pa.DataType) -> pc.Expression:
    """The first format that fits decides; a cell that fits none becomes NULL."""
    readings = [pc.strptime(text, format=f, unit="us", error_is_null=True) for f in formats]
    return pc.coalesce(*readings).cast(kind)'''

_REPORT = '''\
def report(rows: ray.data.Dataset, column: str, value: pc.Expression) -> None:
    """Says which cells of a column cannot be read, and how many: they count as missing."""
    cells = rows.map_batches(
        unread, batch_format="pyarrow", fn_kwargs={"column": column, "value": value}
    )
    found = Counter(row["cell"] for row in cells.iter_rows())
    if found:
        texts = ", ".join(f"{cell!r} ({count})" for cell, count in found.most_common(5))
        total = found.total()
        print(f"note: cells of {column} that cannot be read count as missing ({total}): {texts}")'''

_UNREAD = '''\
def unread(rows: pa.Table, column: str, value: pc.Expression) -> pa.Table:
    """The cells that hold a text, but no value."""
    values = select(rows, {column: value})[column]
    filled = pc.not_equal(pc.utf8_trim_whitespace(rows[column]), "")
    return pa.table({"cell": rows[column].filter(pc.and_(filled, values.is_null()))})'''

_RATIO = '''\
def ratio(top: pc.Expression, bottom: pc.Expression) -> pc.Expression:
    """A quotient in floating point; NULL where the divisor is zero."""
    return top.cast(pa.float64()) / pc.if_else(bottom != 0, bottom, None)'''

_ONE_OF = '''\
def one_of(value: pc.Expression, values: list[Any]) -> pc.Expression:
    """True for one of the values; false for others and for NULL."""
    return value.isin(values)'''

_CAST = '''\
def cast(value: pc.Expression, kind: pa.DataType) -> pc.Expression:
    """The value as another type."""
    return value.cast(kind)'''

_WHOLE = '''\
def whole(columns: pa.Schema, parts: Iterable[pa.Table]) -> pa.Table:
    """The parts as one table, which has its columns even without rows."""
    found = [part.select(columns.names).cast(columns) for part in parts if part.num_rows]
    return pa.concat_tables([columns.empty_table(), *found])'''

_WITH_KEY = '''\
def with_key(rows: pa.Table, name: str, keys: list[str]) -> pa.Table:
    """The rows with their keys as one text: Ray Data hashes a number differently beside NULL."""
    texts = [pc.fill_null(rows[key].cast(pa.string()), "") for key in keys]
    return rows.append_column(name, pc.binary_join_element_wise(*texts, "|"))'''

_TEXT_CELLS = '''\
def text_cells(columns: list[str]) -> csv.ConvertOptions:
    """These columns as they stand, empty cells as NULL: types are given to them afterwards."""
    return csv.ConvertOptions(
        include_columns=columns,
        column_types=dict.fromkeys(columns, pa.string()),
        null_values=[""],
        strings_can_be_null=True,
    )'''

_BESIDE = '''\
def beside(rows: pa.Table, totals: pa.Table) -> pa.Table:
    """The rows with the columns of the one row of totals."""
    for name in totals.column_names:
        rows = rows.append_column(name, pa.repeat(totals[name][0], rows.num_rows))
    return rows'''

_NUMBERED = '''\
def numbered(rows: ray.data.Dataset, name: str) -> ray.data.Dataset:
    """The rows with their numbers in the file, from 1; the blocks come in its order."""
    blocks = rows.to_arrow_refs()
    sizes = ray.get([count_rows.remote(block) for block in blocks])
    starts = [0, *accumulate(sizes)][: len(sizes)]
    parts = [number_rows.remote(b, s, name) for b, s in zip(blocks, starts, strict=True)]
    return ray.data.from_arrow_refs(parts)'''

_COUNT_ROWS = """\
@ray.remote
def count_rows(block: pa.Table) -> int:
    return block.num_rows"""

_NUMBER_ROWS = '''\
@ray.remote
def number_rows(block: pa.Table, start: int, name: str) -> pa.Table:
    """The block with the numbers of its rows; `start` rows lie before it."""
    numbers = range(start + 1, start + 1 + block.num_rows)
    return block.append_column(name, pa.array(numbers, pa.int64()))'''

_WRITE = '''\
def write(rows: ray.data.Dataset, columns: pa.Schema, folder: Path) -> None:
    """One Parquet file, written block by block, which has its columns even without rows."""
    folder.mkdir(parents=True, exist_ok=True)
    with pq.ParquetWriter(folder / "part-00000.parquet", columns) as file:
        for block in rows.iter_batches(batch_size=None, batch_format="pyarrow"):
            if block.num_rows:
                file.write_table(block.select(columns.names).cast(columns))'''

_HELPERS = {
    "chosen": _CHOSEN,
    "text_cells": _TEXT_CELLS,
    "count_rows": _COUNT_ROWS,
    "number_rows": _NUMBER_ROWS,
    "numbered": _NUMBERED,
    "as_text": _AS_TEXT,
    "parsed": _PARSED,
    "select": _SELECT,
    "value": _VALUE,
    "present": _PRESENT,
    "to_number": _TO_NUMBER,
    "first_number": _FIRST_NUMBER,
    "to_time": _TO_TIME,
    "unread": _UNREAD,
    "report": _REPORT,
    "ratio": _RATIO,
    "cast": _CAST,
    "one_of": _ONE_OF,
    "with_column": _WITH_COLUMN,
    "whole": _WHOLE,
    "beside": _BESIDE,
    "with_key": _WITH_KEY,
    **GROUP_HELPERS,
    "write": _WRITE,
}
"""In the order in which they stand in a program."""

HELPER_NAMES = tuple(_HELPERS)


def helpers(functions: Iterable[Sequence[str]]) -> list[list[str]]:
    """The helper functions that these functions call, and those that they call themselves."""
    found: dict[str, list[str]] = {}
    new = [list(lines) for lines in functions]
    while new:
        called = names_in(new)
        new = [_HELPERS[n].splitlines() for n in _HELPERS if n in called and n not in found]
        found |= {n: _HELPERS[n].splitlines() for n in _HELPERS if n in called}
    return [found[name] for name in _HELPERS if name in found]


def patterns(functions: Iterable[Sequence[str]]) -> list[str]:
    """The constants that these functions use."""
    used = names_in(functions)
    lines = [f'NUMBER = r"{NUMBER}"'] if "NUMBER" in used else []
    if "FIRST_NUMBER" in used:
        lines += FIRST_NUMBER_CODE
    return lines
