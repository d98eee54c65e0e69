"""What all sides work on: one CSV file in several sizes, two programs, and the right answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow.csv as csv
import pyarrow.parquet as pq

ROOT = Path(__file__).parents[2]
BASE = ROOT / "examples" / "data" / "birdstrikes.csv"
GOLDEN = ROOT / "tests" / "codegen" / "render" / "golden"
ADDRESS = "file:///data/birdstrikes.csv"
"""Of the input, in the programs as they are kept; the planner writes exactly these."""
KEY, VALUE = "Wildlife Size", "Cost Repair"
SIZES = {"10MB": 10**7, "200MB": 2 * 10**8, "1GB": 10**9}
"""Bytes, at least."""


@dataclass(frozen=True)
class Input:
    """One file, and the sum for each group that a program must find in it."""

    size: str
    path: Path
    totals: Mapping[str, int]


class WrongAnswer(RuntimeError):
    """A side was fast, and wrong."""


def make(size: str, folder: Path) -> Input:
    """The rows of the example again and again, below one header."""
    header, rows = BASE.read_bytes().split(b"\n", 1)
    rows = rows.rstrip(b"\n") + b"\n"
    copies = -(-SIZES[size] // len(rows))
    path = folder / f"birdstrikes{size}.csv"
    with path.open("wb") as f:
        f.write(header + b"\n")
        for _ in range(copies):
            f.write(rows)
    return Input(size, path, {k: v * copies for k, v in _totals().items()})


def program(framework: str, uri: str) -> str:
    """The group-by for `spark` or `ray`, over the file at `uri`."""
    text = (GOLDEN / f"birdstrikes_{framework}.py.txt").read_text()
    if ADDRESS not in text:
        raise ValueError(f"The program for {framework} in {GOLDEN} no longer reads {ADDRESS}.")
    return text.replace(ADDRESS, uri)


def check_files(folder: Path, expected: Input) -> None:
    """Raises WrongAnswer unless the Parquet files in `folder` hold the totals."""
    rows = pq.read_table(folder).to_pylist()
    check_rows([tuple(row.values()) for row in rows], expected)


def check_rows(rows: list[tuple[object, ...]], expected: Input) -> None:
    """Raises WrongAnswer unless the rows are the totals by group."""
    found = {str(row[0]): row[1] for row in rows}
    if len(found) != len(rows) or found != dict(expected.totals):
        raise WrongAnswer(f"{expected.size}: {rows} instead of {expected.totals}")


def _totals() -> dict[str, int]:
    table = csv.read_csv(BASE).select([KEY, VALUE])
    grouped = table.group_by([KEY]).aggregate([(VALUE, "sum")]).to_pylist()
    return {str(row[KEY]): row[f"{VALUE}_sum"] for row in grouped}
