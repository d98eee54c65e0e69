"""Values that only the rest of the file holds."""

import json
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from arclight.catalog.infer import MAX_WORDS
from arclight.catalog.profile import TableProfile
from arclight.catalog.upload import check_file

ROWS = 6_000


def row(i: int) -> dict[str, str | None]:
    return {
        "late": "rare" if i == ROWS - 1 else "often" if i % 2 else None,
        "many": f"v{i % (MAX_WORDS + 1)}" if i > 1000 else "few",
        "each": f"id{i}",
        "prose": "x" * 300 if i == 5000 else "short",
    }


@pytest.fixture(params=["csv", "tsv", "jsonl", "parquet"])
def profile(request: pytest.FixtureRequest, tmp_path: Path) -> TableProfile:
    """A table whose sample does not show all of its values."""
    rows = [row(i) for i in range(ROWS)]
    path = tmp_path / f"t.{request.param}"
    match request.param:
        case "jsonl":
            path.write_text("\n".join(map(json.dumps, rows)))
        case "parquet":
            table = pa.Table.from_pylist(rows)
            late = table["late"].dictionary_encode()
            parquet.write_table(table.set_column(0, "late", late), path, row_group_size=1_000)
        case other:
            mark = "," if other == "csv" else "\t"
            lines = [list(rows[0]), *([v or "" for v in r.values()] for r in rows)]
            path.write_text("\n".join(map(mark.join, lines)))
    return check_file(path, path.name).profile


def test_a_column_that_repeats_its_values_shows_all_of_them(profile: TableProfile) -> None:
    late = profile.column("late")

    assert late is not None
    assert late.complete
    assert late.values == ("often", "rare")
    assert late.distinct == 1  # counts stay those of the sample


def test_a_column_of_too_many_or_too_long_values_shows_its_sample(profile: TableProfile) -> None:
    shown = {c.name: (c.complete, len(c.values)) for c in profile.columns}

    assert shown["many"] == (False, 1)
    assert shown["each"] == (False, 200)
    assert shown["prose"] == (False, 1)


def test_a_sample_that_is_the_whole_file_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("word,n\nred,1\nblue,2\nred,3\n")

    word, n = check_file(path, "t.csv").profile.columns

    assert (word.complete, word.values) == (True, ("red", "blue"))
    assert not n.complete
