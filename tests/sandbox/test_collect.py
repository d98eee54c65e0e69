"""What a dead program left is believed only as far as it was looked at."""

import hashlib
import math
import os
import signal
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from arclight.contracts.failure import FailureKind, StepFailed
from arclight.contracts.result import ColumnKind, Result
from arclight.runtime.artifacts import LocalArtifacts
from arclight.sandbox import decoding
from arclight.sandbox.collect import MAX_PREVIEW, collect
from arclight.sandbox.decode import GROUP_ROWS


@pytest.fixture
def output(tmp_path: Path) -> Path:
    folder = tmp_path / "run" / "work" / "output"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def collected(tmp_path: Path, artifacts: LocalArtifacts) -> Callable[..., Result | None]:
    def collected(
        preview_rows: int = 100,
        max_bytes: int = 10**7,
        max_rows: int | None = None,
        reader: decoding.Reader | None = None,
    ) -> Result | None:
        fd = os.open(tmp_path / "run", os.O_RDONLY | os.O_DIRECTORY)
        try:
            return collect(
                fd,
                ("work", "output"),
                artifacts,
                "output/j/1/1",
                preview_rows=preview_rows,
                max_bytes=max_bytes,
                staging=tmp_path,
                max_rows=max_rows,
                reader=reader,
            )
        finally:
            os.close(fd)

    return collected


def part(folder: Path, number: int, **columns: Any) -> Path:
    path = folder / f"part-{number:05d}-x.snappy.parquet"
    pq.write_table(pa.table(columns), path)
    return path


def test_all_part_files_count_in_the_order_of_their_names(
    output: Path, artifacts: LocalArtifacts, collected: Callable[..., Result | None]
) -> None:
    part(output, 2, n=[5, 6])
    part(output, 0, n=[1, 2])
    part(output, 1, n=[3, 4])
    (output / "_SUCCESS").touch()
    (output / ".part-00000.crc").write_bytes(b"x")

    result = collected(preview_rows=5)

    assert result is not None
    assert result.preview == ((1,), (2,), (3,), (4,), (5,))
    assert (result.total_rows, result.truncated) == (6, True)
    assert [f.key for f in result.files] == [f"output/j/1/1/part-0000{n}.parquet" for n in range(3)]
    stored = [pq.read_table(artifacts.local(f.key))["n"].to_pylist() for f in result.files]
    assert stored == [[1, 2], [3, 4], [5, 6]]
    assert b'"total_rows": 6' in artifacts.get("output/j/1/1/manifest.json")
    assert not any(output.parent.parent.parent.glob("tmp*"))


def test_an_empty_table_is_an_answer(output: Path, collected: Callable[..., Result | None]) -> None:
    pq.write_table(pa.table({"state": pa.array([], pa.string())}), output / "part-0.parquet")

    result = collected()

    assert result is not None
    assert (result.total_rows, result.truncated) == (0, False)
    assert [c.name for c in result.columns] == ["state"]
    assert result.notes == ("The answer has no rows: nothing matched.",)


def test_an_empty_folder_is_no_answer(
    output: Path, collected: Callable[..., Result | None]
) -> None:
    (output / "_SUCCESS").touch()

    assert collected() is None


def test_no_folder_is_no_answer(output: Path, collected: Callable[..., Result | None]) -> None:
    output.rmdir()

    assert collected() is None


def test_values_become_json(output: Path, collected: Callable[..., Result | None]) -> None:
    columns: dict[str, Any] = {
        "i": pa.array([2**53 + 1]),
        "f": pa.array([math.nan]),
        "inf": pa.array([-math.inf]),
        "d": pa.array([Decimal("1.10")]),
        "day": pa.array([date(2026, 11, 21)]),
        "t": pa.array([datetime(2026, 11, 21, 6, tzinfo=UTC)], pa.timestamp("ns", "UTC")),
        "dt": pa.array([timedelta(seconds=90)]),
        "b": pa.array([b"\x00\xff"]),
        "l": pa.array([[1, None]]),
        "s": pa.array([{"x": math.inf}]),
        "null": pa.nulls(1),
    }
    pq.write_table(pa.table(columns), output / "a.parquet")

    result = collected()

    assert result is not None
    assert result.preview[0] == (
        2**53 + 1, "NaN", "-Infinity", "1.10", "2026-11-21", "2026-11-21T06:00:00+00:00", "PT90S",
        "AP8=", [1, None], {"x": "Infinity"}, None,
    )  # fmt: skip
    assert Result.model_validate_json(result.model_dump_json()) == result


def test_columns_of_the_same_name_stay_apart(
    output: Path, collected: Callable[..., Result | None]
) -> None:
    table = pa.Table.from_arrays([pa.array([1]), pa.array(["a"])], names=["x", "x"])
    pq.write_table(table, output / "a.parquet")

    result = collected()

    assert result is not None
    assert result.preview == ((1, "a"),)
    assert [(c.name, c.type, c.kind) for c in result.columns] == [
        ("x", "int64", ColumnKind.INTEGER),
        ("x", "string", ColumnKind.TEXT),
    ]


def test_names_of_columns_do_not_act(output: Path, collected: Callable[..., Result | None]) -> None:
    names = ["a\x1b[2J", "b\u202e\t", "c\nd"]
    fields = pa.array([{"in\x1bside": 1}])
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2]), fields], names=names)
    pq.write_table(table, output / "a.parquet")

    result = collected()

    assert result is not None
    assert [c.name for c in result.columns] == ["a\\x1b[2J", "b\\x202e\\x09", "c\\x0ad"]
    assert result.columns[2].type == "struct<in\\x1bside: int64>"


def test_types_say_enough(output: Path, collected: Callable[..., Result | None]) -> None:
    part(
        output,
        0,
        money=pa.array([Decimal("1.5")], pa.decimal128(10, 2)),
        moment=pa.array([0], pa.timestamp("us", "Europe/Berlin")),
        category=pa.array(["a"]).dictionary_encode(),
        tags=pa.array([[{"a": 1}]]),
    )

    result = collected()

    assert result is not None
    assert [c.type for c in result.columns] == [
        "decimal128(10, 2)",
        "timestamp[us, tz=Europe/Berlin]",
        "dictionary<values=string, indices=int32, ordered=0>",
        "list<element: struct<a: int64>>",
    ]


def test_columns_alone_and_nothing_at_all(
    output: Path, collected: Callable[..., Result | None]
) -> None:
    pq.write_table(pa.table({}), output / "a.parquet")

    result = collected()

    assert result is not None
    assert (result.columns, result.total_rows, result.preview) == ((), 0, ())


def test_a_wide_answer_has_a_preview_that_fits(
    output: Path, collected: Callable[..., Result | None]
) -> None:
    part(output, 0, **{f"column_{n:04d}": range(100) for n in range(2000)})

    result = collected()

    assert result is not None
    assert (len(result.columns), result.total_rows) == (2000, 100)
    assert result.truncated
    assert 0 < len(result.preview) < 100
    assert len(result.model_dump_json().encode()) < MAX_PREVIEW + 2**18


def test_large_row_groups_are_cut_so_that_pages_are_quick(
    output: Path, artifacts: LocalArtifacts, collected: Callable[..., Result | None]
) -> None:
    rows = 3 * GROUP_ROWS
    words = pa.array([f"w{n % 7}" for n in range(rows)])
    pq.write_table(
        pa.table({"n": range(rows), "word": words}), output / "a.parquet", row_group_size=rows
    )

    result = collected()

    assert result is not None
    stored = artifacts.local(result.files[0].key)
    assert (result.total_rows, result.bytes) == (rows, stored.stat().st_size)
    assert result.files[0].sha256 == hashlib.sha256(stored.read_bytes()).hexdigest()
    metadata = pq.read_metadata(stored)
    groups = [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)]
    assert max(groups) <= GROUP_ROWS
    assert pq.read_table(stored).equals(pq.read_table(output / "a.parquet"))


def test_more_rows_than_allowed_are_a_resource_failure_with_both_numbers(
    output: Path, artifacts: LocalArtifacts, collected: Callable[..., Result | None]
) -> None:
    part(output, 0, n=range(600))
    part(output, 1, n=range(900))

    with pytest.raises(StepFailed) as failed:
        collected(max_rows=1000)

    failure = failed.value.failure
    assert (failure.kind, failure.code) == (FailureKind.RESOURCE, "TOO_MANY_ROWS")
    assert failure.message == "The answer has 1,500 rows; this run may give 1,000."
    assert failure.details == {"rows": 1500, "limit": 1000}
    assert not (artifacts.root / "output").exists()
    assert collected(max_rows=1500) is not None


def test_a_reader_that_crashes_takes_nobody_with_it(
    tmp_path: Path, output: Path, collected: Callable[..., Result | None]
) -> None:
    part(output, 0, n=[1])

    with decoding.Reader(tmp_path) as reader:
        os.kill(reader.pid, signal.SIGSEGV)
        with pytest.raises(StepFailed) as failed:
            collected(reader=reader)

    assert "SIGSEGV" in failed.value.failure.message


def test_a_reader_that_is_slow_is_ended(
    output: Path, collected: Callable[..., Result | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    part(output, 0, n=[1])
    monkeypatch.setattr(decoding, "TIMEOUT", 0.001)

    with pytest.raises(StepFailed) as failed:
        collected()

    assert "longer than 0.001 s" in failed.value.failure.message


def test_a_fault_of_the_reader_is_not_the_answers(
    output: Path, collected: Callable[..., Result | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    part(output, 0, n=[1])
    monkeypatch.setattr(decoding.decode, "__name__", "arclight.no_such_module")

    with pytest.raises(RuntimeError, match="no_such_module"):
        collected()


def test_parts_may_differ_in_width_of_their_types(
    output: Path, collected: Callable[..., Result | None]
) -> None:
    part(output, 0, n=pa.nulls(1))
    part(output, 1, n=[1.5])

    result = collected()

    assert result is not None
    assert [c.type for c in result.columns] == ["double"]
    assert result.preview == ((None,), (1.5,))


def test_the_preview_fits_into_the_record(
    output: Path, collected: Callable[..., Result | None]
) -> None:
    part(output, 0, text=["ä" * 1900] * 1000)

    result = collected(preview_rows=1000)

    assert result is not None
    assert 0 < len(result.preview) < 1000
    assert result.truncated
    assert len(result.model_dump_json().encode()) < MAX_PREVIEW * 1.1


def _symlinked_file(output: Path) -> None:
    real = part(output.parent, 0, n=[1])
    (output / "a.parquet").symlink_to(real)


def _symlinked_folder(output: Path) -> None:
    elsewhere = output.parent / "elsewhere"
    elsewhere.mkdir()
    part(elsewhere, 0, n=[1])
    output.rmdir()
    output.symlink_to(elsewhere)


def _symlinked_parent(output: Path) -> None:
    part(output, 0, n=[1])
    moved = output.parent.with_name("moved")
    output.parent.rename(moved)
    output.parent.symlink_to(moved)


def _hard_link(output: Path) -> None:
    os.link(part(output.parent, 0, n=[1]), output / "a.parquet")


def _pipe(output: Path) -> None:
    os.mkfifo(output / "a.parquet")


def _folder_as_part(output: Path) -> None:
    (output / "a.parquet").mkdir()


def _not_parquet(output: Path) -> None:
    (output / "a.parquet").write_bytes(b"PAR1 not at all PAR1")


def _partitioned(output: Path) -> None:
    (output / "year=2026").mkdir()
    part(output / "year=2026", 0, n=[1])


def _different_columns(output: Path) -> None:
    part(output, 0, n=[1])
    part(output, 1, n=["x"])


def _too_large(output: Path) -> None:
    (output / "a.parquet").write_bytes(bytes(10**7 + 1))


def _written_as_csv(output: Path) -> None:
    (output / "part-00000.csv").write_text("n\n1\n")
    (output / "_SUCCESS").touch()


def _file_for_folder(output: Path) -> None:
    output.rmdir()
    output.write_text("success")


def _page_bomb(output: Path) -> None:
    """A few kilobytes that are a quarter of a gigabyte when they are read."""
    text = pa.array([b"\0" * 2**27, b"\0" * 2**27])
    pq.write_table(
        pa.table({"x": text}), output / "a.parquet", compression="zstd", use_dictionary=False
    )


def _category_bomb(output: Path) -> None:
    """Few bytes, of which every row takes a megabyte."""
    words = pa.array(["x" * 2**20])
    rows = pa.DictionaryArray.from_arrays(pa.array([0] * 5000, pa.int32()), words)
    # Without Arrow's own schema it reads as text.
    pq.write_table(pa.table({"x": rows}), output / "a.parquet", store_schema=False)


def _nested_categories(output: Path) -> None:
    words = pa.ListArray.from_arrays([0, 1], pa.array(["a"]).dictionary_encode())
    pq.write_table(pa.table({"x": words}), output / "a.parquet")


def _many_columns(output: Path) -> None:
    part(output, 0, **{f"c{n}": [1] for n in range(2001)})


def _many_leaves(output: Path) -> None:
    fields = [(f"f{n}", pa.int8()) for n in range(10_001)]
    pq.write_table(pa.table({"x": pa.array([{}], pa.struct(fields))}), output / "a.parquet")


def _long_names(output: Path) -> None:
    part(output, 0, **{f"{n}{'x' * 1000}": [1] for n in range(1100)})


def _large_footer(output: Path) -> None:
    (output / "a.parquet").write_bytes(
        b"PAR1" + bytes(100) + (2**31).to_bytes(4, "little") + b"PAR1"
    )


def _broken_second_column(output: Path) -> None:
    path = part(output, 0, n=range(5000), word=[f"w{n}" for n in range(5000)])
    place = pq.read_metadata(path).row_group(0).column(1).data_page_offset
    data = path.read_bytes()
    path.write_bytes(data[: place + 20] + b"\xff" * 400 + data[place + 420 :])


@pytest.mark.parametrize(
    "lay",
    [
        _symlinked_file, _symlinked_folder, _symlinked_parent, _hard_link, _pipe, _folder_as_part,
        _not_parquet, _partitioned, _different_columns, _too_large, _file_for_folder,
        _written_as_csv, _page_bomb, _category_bomb, _nested_categories, _many_columns,
        _many_leaves, _long_names, _large_footer, _broken_second_column,
    ],
)  # fmt: skip
def test_what_cannot_be_trusted_is_refused(
    output: Path,
    artifacts: LocalArtifacts,
    collected: Callable[..., Result | None],
    monkeypatch: pytest.MonkeyPatch,
    lay: Callable[[Path], None],
) -> None:
    lay(output)
    monkeypatch.setattr(decoding.decode, "MEMORY", 400 * 2**20)

    with pytest.raises(StepFailed) as failed:
        collected()

    assert failed.value.failure.code == "ANSWER_UNUSABLE"
    assert failed.value.failure.kind is FailureKind.CODE
    assert not (artifacts.root / "output").exists()
