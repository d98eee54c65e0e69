"""What is accepted, what is refused, and what the refusal says."""

import csv
import hashlib
import io
import re
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from arclight.catalog.upload import BadUpload, Checked, check_file
from tests.catalog.bad_uploads import BAD, Bad


def check(folder: Path, filename: str, content: bytes) -> Checked:
    path = folder / "incoming"
    path.write_bytes(content)
    return check_file(path, filename)


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_a_file_that_cannot_be_used_is_refused_with_the_way_to_mend_it(
    bad: Bad, tmp_path: Path
) -> None:
    with pytest.raises(BadUpload) as refused:
        check(tmp_path, bad.filename, bad.content)

    assert refused.value.code == bad.code
    said = f"{refused.value.message} {refused.value.hint}"
    assert [words for words in bad.says if words not in said] == []
    assert re.fullmatch(r"[A-Z][A-Z0-9_]+", bad.code)
    assert refused.value.hint
    assert str(tmp_path) not in said


@pytest.mark.parametrize(
    ("content", "columns", "rows", "multiline"),
    [
        (b"a,b\n1,2\n", ["a", "b"], 1, False),
        (b"a,b\n1,2", ["a", "b"], 1, False),
        (b"a,b\r\n1,2\r\n", ["a", "b"], 1, False),
        (b"a,b\r1,2\r", ["a", "b"], 1, False),
        (b"\n\na,b\n\n1,2\n", ["a", "b"], 1, False),
        (b"\r\n" * 99 + b"a,b\n1,2\n", ["a", "b"], 1, False),
        (b"a,b\n", ["a", "b"], 0, False),
        (b"a,b", ["a", "b"], 0, False),
        (b"name\nx\n", ["name"], 1, False),
        (b"\xef\xbb\xbfa,b\n1,2\n", ["a", "b"], 1, False),
        (b'a,b\n"x\ny",2\n', ["a", "b"], 1, True),
        (b'"a","b"\n"1","2"\n', ["a", "b"], 1, False),
        (b'a,b\n5" pipe,2\n', ["a", "b"], 1, False),
        (b'a,b\n"say ""x, y""",2\n', ["a", "b"], 1, False),
        (b'note\n"x\n\ny"\n', ["note"], 1, True),
        (
            b"country,2019,2020,2021\nFrance,10,20,30\n",
            ["country", "2019", "2020", "2021"],
            1,
            False,
        ),
        (b"PAR1,PAR2\nx,y\n", ["PAR1", "PAR2"], 1, False),
        (b"GIF8,size\nx,1\n", ["GIF8", "size"], 1, False),
        ("größe,naïve\n1,ü\n".encode(), ["größe", "naïve"], 1, False),
    ],
)
def test_honest_forms_of_csv_are_accepted(
    content: bytes, columns: list[str], rows: int, multiline: bool, tmp_path: Path
) -> None:
    profile = check(tmp_path, "a.csv", content).profile

    assert [c.name for c in profile.columns] == columns
    assert (profile.rows, profile.sampled_rows, profile.multiline) == (rows, rows, multiline)


def test_size_and_hash_are_those_of_the_content_without_its_mark(tmp_path: Path) -> None:
    checked = check(tmp_path, "a.csv", b"\xef\xbb\xbfa,b\n1,2\n")

    assert checked.bom
    assert checked.profile.bytes == len(b"a,b\n1,2\n")
    assert checked.profile.sha256 == hashlib.sha256(b"a,b\n1,2\n").hexdigest()


def test_all_rows_are_counted_when_the_sample_is_smaller(tmp_path: Path) -> None:
    profile = check(tmp_path, "a.csv", b"a,b\n" + b"x,2\n" * 50_000).profile

    assert (profile.rows, profile.sampled_rows) == (50_000, 1_000)


def test_a_table_of_every_format_has_the_same_profile(tmp_path: Path) -> None:
    table = pa.table({"city": ["Rome", None, "Oslo"], "n": [1, 2, None]})
    parquet.write_table(table, tmp_path / "t.parquet")

    profiles = [
        check(tmp_path, "t.csv", b"city,n\nRome,1\n,2\nOslo,\n"),
        check(tmp_path, "t.tsv", b"city\tn\nRome\t1\n\t2\nOslo\t\n"),
        check(tmp_path, "t.jsonl", b'{"city": "Rome", "n": 1}\n{"n": 2}\n\n{"city": "Oslo"}\n'),
        check_file(tmp_path / "t.parquet", "t.parquet"),
    ]

    assert [c.profile.format for c in profiles] == ["csv", "tsv", "json", "parquet"]
    assert {c.profile.rows for c in profiles} == {3}
    assert len({c.profile.columns for c in profiles}) == 1


names = st.lists(
    st.text(st.characters(categories=["L"]), min_size=1, max_size=8),
    min_size=1,
    max_size=5,
    unique_by=lambda n: n.casefold(),
)
cells = st.text(
    st.one_of(st.sampled_from("a1,;\t\"'\n\r é"), st.characters(exclude_categories=["Cs", "Cc"])),
    max_size=6,
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    header = draw(names)
    row = st.lists(cells, min_size=len(header), max_size=len(header))
    return header, draw(st.lists(row, max_size=8))


@settings(max_examples=150, deadline=None)
@given(tables(), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_what_a_csv_writer_writes_is_read_back(
    table: tuple[list[str], list[list[str]]], end: str, mark: bool
) -> None:
    header, rows = table
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([header, *rows])
    content = ("\ufeff" if mark else "").encode() + text.getvalue().encode()

    with TemporaryDirectory() as folder:
        try:
            profile = check(Path(folder), "t.csv", content).profile
        except BadUpload as refused:
            assume(refused.code != "CSV_NO_HEADER")
            raise

    assert [c.name for c in profile.columns] == header
    assert profile.rows == profile.sampled_rows == len(rows)
    assert profile.multiline == any(set(c) & set("\r\n") for row in rows for c in row)
    for column, written in zip(profile.columns, zip(*rows, strict=True), strict=False):
        assert column.nulls == written.count("")
        if column.type == "string":
            assert set(column.values) == set(written) - {""}


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(st.sampled_from('ab12,;\t"\n\r{}[]: é'), max_size=60).map(str.encode),
    ),
    st.sampled_from(["x.csv", "x.tsv", "x.jsonl", "x.parquet"]),
)
def test_any_bytes_are_accepted_or_refused_in_our_words(content: bytes, filename: str) -> None:
    with TemporaryDirectory() as folder, suppress(BadUpload):
        profile = check(Path(folder), filename, content).profile
        assert profile.columns
        assert profile.rows is not None
        assert profile.rows >= profile.sampled_rows
