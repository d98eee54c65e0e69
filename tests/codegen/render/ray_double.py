"""The part of Ray that programs use, in this process: blocks are small and come as Ray's do.

A function is not called with an empty block, an empty block has no columns, and rows with equal
keys lie in one block after a repartition by keys. Blocks of `ROWS` rows show what only holds for
tables of one block.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from urllib.parse import unquote, urlparse

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq

ROWS = 2
Function = Callable[..., Any]


@dataclass(frozen=True)
class Ref:
    """Stands for an object in Ray's store."""

    value: Any


@dataclass(frozen=True)
class Remote:
    function: Function

    def remote(self, *args: Any) -> Ref:
        return Ref(self.function(*(a.value if isinstance(a, Ref) else a for a in args)))


def get(refs: Any) -> Any:
    return [r.value for r in refs] if isinstance(refs, list) else refs.value


class Dataset:
    def __init__(self, blocks: Sequence[pa.Table]) -> None:
        self.blocks = [b if b.num_rows else pa.table({}) for b in blocks] or [pa.table({})]

    def map_batches(
        self, function: Function, *, batch_format: str, fn_kwargs: dict[str, Any] | None = None
    ) -> "Dataset":
        assert batch_format == "pyarrow"
        made = [function(b, **(fn_kwargs or {})) if b.num_rows else b for b in self.blocks]
        return Dataset(split(made))

    def repartition(self, count: int, *, keys: list[str] | None = None) -> "Dataset":
        rows = self.rows()
        if keys is None or not rows.num_rows:
            assert keys is not None or count == 1
            return Dataset([rows])
        for key in keys:  # Ray's hash of a number is another one in a block that holds NULL.
            assert rows[key].type == pa.string()
            assert rows[key].null_count == 0
        hashes = [hash(tuple(row.values())) % count for row in rows.select(keys).to_pylist()]
        return Dataset([rows.filter(pa.array([h == i for h in hashes])) for i in range(count)])

    def columns(self) -> list[str]:
        names: list[str] = self.rows().column_names
        return names

    def select_columns(self, columns: list[str]) -> "Dataset":
        return Dataset([b.select(columns) if b.num_rows else b for b in self.blocks])

    def union(self, other: "Dataset") -> "Dataset":
        return Dataset([*self.blocks, *other.blocks])

    def sort(self, key: list[str], descending: list[bool]) -> "Dataset":
        order = ["descending" if d else "ascending" for d in descending]
        rows = self.rows()
        return Dataset(
            split([rows.sort_by(list(zip(key, order, strict=True)))] if rows.num_rows else [])
        )

    def limit(self, rows: int) -> "Dataset":
        return Dataset(split([self.rows().slice(0, rows)]))

    def to_arrow_refs(self) -> list[Ref]:
        return [Ref(b) for b in self.blocks]

    def iter_batches(self, *, batch_size: None, batch_format: str) -> Iterator[pa.Table]:
        assert batch_size is None
        assert batch_format == "pyarrow"
        return iter(self.blocks)

    def rows(self) -> pa.Table:
        """All blocks as one table."""
        found = [b for b in self.blocks if b.num_rows]
        return pa.concat_tables(found) if found else pa.table({})


def split(tables: Sequence[pa.Table]) -> list[pa.Table]:
    """The same rows in blocks of `ROWS` rows."""
    return [t.slice(i, ROWS) for t in tables for i in range(0, t.num_rows, ROWS)]


def _path(uri: str) -> str:
    return unquote(urlparse(uri).path)


def read_csv(uri: str, **options: Any) -> Dataset:
    return Dataset(split([csv.read_csv(_path(uri), **options)]))


def read_parquet(uri: str) -> Dataset:
    return Dataset(split([pq.read_table(_path(uri))]))


def read_text(uri: str) -> Dataset:
    lines = [line for line in Path(_path(uri)).read_text().split("\n") if line]
    return Dataset(split([pa.table({"text": pa.array(lines, pa.string())})]))


def from_arrow(table: pa.Table) -> Dataset:
    return Dataset([table])


def from_arrow_refs(refs: list[Ref]) -> Dataset:
    return Dataset([ref.value for ref in refs])


def run(program: str, folder: Path) -> pa.Table:
    """The answer of a program."""
    ray, data = ModuleType("ray"), ModuleType("ray.data")
    context = SimpleNamespace(execution_options=SimpleNamespace(preserve_order=False))
    data.__dict__.update(
        Dataset=Dataset,
        read_csv=read_csv,
        read_parquet=read_parquet,
        read_text=read_text,
        from_arrow=from_arrow,
        from_arrow_refs=from_arrow_refs,
        DataContext=SimpleNamespace(get_current=lambda: context),
    )
    ray.__dict__.update(data=data, remote=Remote, get=get, init=lambda: None, ObjectRef=Ref)
    before, argv = sys.modules.get("ray"), sys.argv
    sys.modules["ray"], sys.argv = ray, ["program.py", "--output", str(folder)]
    try:
        exec(compile(program, "program.py", "exec"), {"__name__": "__main__"})
    finally:
        sys.argv = argv
        if before is None:
            del sys.modules["ray"]
        else:
            sys.modules["ray"] = before
    return pa.concat_tables([pq.read_table(f) for f in sorted(folder.glob("*.parquet"))])
