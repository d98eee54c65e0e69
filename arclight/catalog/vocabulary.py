"""Every value of the columns that repeat theirs: a prompt may name one that the sample lacks."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from arclight.catalog import delimited, json_lines, parquet
from arclight.catalog.infer import MAX_VALUE_LENGTH, MAX_VALUES, MAX_WORDS
from arclight.catalog.profile import ColumnProfile, ColumnType, Format

REPEATS = 0.5
"""Share of distinct values in the sample from which on a column is not worth the reading."""


def with_all_values(
    path: Path, format: Format, columns: Sequence[ColumnProfile], sampled: int, rows: int
) -> tuple[ColumnProfile, ...]:
    """The columns, those of repeated text with all their values, most frequent first."""
    if sampled == rows:
        return tuple(c.model_copy(update={"complete": _is_whole(c)}) for c in columns)
    wanted = [c.name for c in columns if _repeats(c, sampled)]
    found = _count(_batches(path, format, [c.name for c in columns], wanted), wanted)
    return tuple(_completed(c, found.get(c.name)) for c in columns)


def of_sample(column: ColumnProfile) -> ColumnProfile:
    """The column with no more values than a mere sample is worth."""
    return column.model_copy(update={"values": column.values[:MAX_VALUES]})


def _is_whole(column: ColumnProfile) -> bool:
    return column.type is ColumnType.STRING and column.distinct == len(column.values)


def _repeats(column: ColumnProfile, sampled: int) -> bool:
    return column.type is ColumnType.STRING and 0 < column.distinct <= sampled * REPEATS


def _batches(
    path: Path, format: Format, names: Sequence[str], wanted: Sequence[str]
) -> Iterable[pa.RecordBatch]:
    if not wanted:
        return ()
    if format == "parquet":
        return parquet.texts(path, wanted)
    if format == "json":
        return json_lines.texts(path, wanted)
    return delimited.texts(path, format, names, wanted)


def _count(batches: Iterable[pa.RecordBatch], wanted: Sequence[str]) -> dict[str, Counter[str]]:
    """The values of each column; a column with too many or too long ones is left out."""
    counters: dict[str, Counter[str]] = {name: Counter() for name in wanted}
    for batch in batches:
        for name in list(counters):
            counted: Any = pc.value_counts(batch.column(name))
            for value, count in zip(*map(pa.Array.to_pylist, counted.flatten()), strict=True):
                if value:
                    counters[name][value] += count
            if len(counters[name]) > MAX_WORDS:
                del counters[name]
        if not counters:
            break
    return {n: c for n, c in counters.items() if all(len(v) <= MAX_VALUE_LENGTH for v in c)}


def _completed(column: ColumnProfile, counted: Counter[str] | None) -> ColumnProfile:
    if counted is None:
        return of_sample(column)
    values = tuple(v for v, _ in counted.most_common())
    return column.model_copy(update={"values": values, "complete": True})
