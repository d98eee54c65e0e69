"""What a dead program left is believed only as far as it was looked at."""

import math
import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from arclight.contracts.failure import FailureKind, StepFailed
from arclight.contracts.result import Result
from arclight.runtime.artifacts import LocalArtifacts
from arclight.sandbox.collect import MAX_PREVIEW, collect


@pytest.fixture
def output(tmp_path: Path) -> Path:
    folder = tmp_path / "run" / "work" / "output"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def collected(tmp_path: Path, artifacts: LocalArtifacts) -> Callable[..., Result | None]:
    def collected(preview_rows: int = 100, max_bytes: int = 10**7) -> Result | None:
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
        2**53 + 1, None, "-Infinity", "1.10", "2026-11-21", "2026-11-21T06:00:00+00:00", "90",
        "00ff", [1, None], {"x": "Infinity"}, None,
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


@pytest.mark.parametrize(
    "lay",
    [
        _symlinked_file, _symlinked_folder, _symlinked_parent, _hard_link, _pipe, _folder_as_part,
        _not_parquet, _partitioned, _different_columns, _too_large, _file_for_folder,
        _written_as_csv,
    ],
)  # fmt: skip
def test_what_cannot_be_trusted_is_refused(
    output: Path,
    artifacts: LocalArtifacts,
    collected: Callable[..., Result | None],
    lay: Callable[[Path], None],
) -> None:
    lay(output)

    with pytest.raises(StepFailed) as failed:
        collected()

    assert failed.value.failure.code == "ANSWER_UNUSABLE"
    assert failed.value.failure.kind is FailureKind.CODE
    assert not (artifacts.root / "output").exists()
