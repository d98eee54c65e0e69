"""Stand-ins: the first rows of a table, in its own format and writing."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from arclight.catalog.profile import ColumnType
from arclight.catalog.sample import profile_file
from arclight.catalog.stand_in import write_stand_in


def stand_in(folder: Path, name: str, data: bytes, rows: int) -> bytes:
    table, target = folder / name, folder / f"stand-in-{name}"
    table.write_bytes(data)
    write_stand_in(table, target, rows)
    return target.read_bytes()


@pytest.mark.parametrize(
    ("name", "data", "rows", "expected"),
    [
        ("a.csv", b"x,y\n1,2\n3,4\n5,6\n", 2, b"x,y\n1,2\n3,4\n"),
        ("a.csv", b"x,y\n1,2\n", 0, b"x,y\n"),
        ("a.csv", b"x,y\n1,2", 9, b"x,y\n1,2"),
        ("crlf.csv", b"x,y\r\n1,2\r\n3,4\r\n", 1, b"x,y\r\n1,2\r\n"),
        ("quoted.csv", b'x,y\n1,"a\nb"\n2,c\n', 1, b'x,y\n1,"a\nb"\n'),
        ("tabs.tsv", b"x\ty\na,b\t2\n3\t4\n", 1, b"x\ty\na,b\t2\n"),
        ("latin.csv", b"x\n\xe9\n\xe8\n", 1, b"x\n\xe9\n"),
        ("lines.jsonl", b'{"x": 1}\n\n{"x": 2}\n{"x": 3}\n', 2, b'{"x": 1}\n{"x": 2}\n'),
    ],
)
def test_the_first_records_stand_byte_for_byte(
    tmp_path: Path, name: str, data: bytes, rows: int, expected: bytes
) -> None:
    assert stand_in(tmp_path, name, data, rows) == expected


def test_a_record_that_is_too_large_to_tell_apart_is_the_end(tmp_path: Path) -> None:
    large = b"x" * 200_000

    assert stand_in(tmp_path, "a.csv", b"x\n1\n" + large + b"\n2\n", 9) == b"x\n1\n"


@pytest.mark.parametrize("rows", [0, 2, 9])
def test_parquet_keeps_its_schema(tmp_path: Path, rows: int) -> None:
    table = pa.table(
        {
            "n": pa.array([1, 2, 3], pa.int32()),
            "price": pa.array([None, None, None], pa.decimal128(9, 2)),
            "tags": pa.array([["a"], [], None], pa.list_(pa.string())),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=1)

    write_stand_in(tmp_path / "a.parquet", tmp_path / "b.parquet", rows)

    found = pq.read_table(tmp_path / "b.parquet")
    assert found.schema == table.schema
    assert found == table.slice(0, rows)


@pytest.mark.parametrize("old", [True, False])
def test_timestamps_stay_in_the_form_that_they_are_stored_in(tmp_path: Path, old: bool) -> None:
    table = pa.table({"at": pa.array([1, 2], pa.timestamp("ns"))})
    pq.write_table(table, tmp_path / "a.parquet", use_deprecated_int96_timestamps=old)

    write_stand_in(tmp_path / "a.parquet", tmp_path / "b.parquet")

    stored = pq.ParquetFile(tmp_path / "b.parquet").schema.column(0).physical_type
    assert stored == ("INT96" if old else "INT64")


def test_columns_have_the_types_of_the_catalog(tmp_path: Path) -> None:
    """A column whose text shows only in row 900 is text in the stand-in too."""
    cells = ["n/a" if n == 900 else str(n) for n in range(5_000)]
    table = tmp_path / "a.csv"
    table.write_text("\n".join(["x", *cells]))

    write_stand_in(table, tmp_path / "b.csv")

    kinds = [profile_file(tmp_path / name).columns[0].type for name in ("a.csv", "b.csv")]
    assert kinds == [ColumnType.STRING, ColumnType.STRING]
