"""Storing uploads and finding them again, as a job's sources do."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arclight.catalog.names import MAX_FILENAME, safe_filename, table_name
from arclight.catalog.resolve import profiles
from arclight.catalog.upload import BadUpload, StoredUpload, UnknownSource, UploadCatalog
from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.contracts.source import S3Source, Source, UploadSource
from arclight.runtime.artifacts import LocalArtifacts

ONE = "src_" + "1" * 28
TWO = "src_" + "2" * 28


@pytest.fixture
def catalog(artifacts: LocalArtifacts) -> UploadCatalog:
    return UploadCatalog(artifacts)


def add(
    catalog: UploadCatalog,
    folder: Path,
    source_id: str = ONE,
    filename: str = "t.csv",
    content: bytes = b"a,b\n1,x\n",
) -> StoredUpload:
    path = folder / f"incoming-{source_id}"
    path.write_bytes(content)
    return catalog.add(path, filename, source_id)


def test_an_upload_is_stored_once_and_known_by_its_profile(
    catalog: UploadCatalog, artifacts: LocalArtifacts, tmp_path: Path
) -> None:
    stored = add(catalog, tmp_path, filename="flights-airport.csv")

    assert stored.key == f"uploads/{ONE}/flights-airport.csv"
    assert artifacts.get(stored.key) == b"a,b\n1,x\n"
    assert stored.profile.name == "flights_airport"
    assert stored.profile.uri == artifacts.uri(stored.key)
    assert stored.profile.rows == 1
    assert catalog.get(ONE) == stored
    assert catalog.profile(ONE) == stored.profile
    assert catalog.profile(ONE, "routes").name == "routes"


def test_a_byte_order_mark_is_not_stored(
    catalog: UploadCatalog, artifacts: LocalArtifacts, tmp_path: Path
) -> None:
    stored = add(catalog, tmp_path, content=b"\xef\xbb\xbfa,b\n1,x\n")

    assert artifacts.get(stored.key) == b"a,b\n1,x\n"
    assert stored.profile.bytes == 8
    assert stored.profile.columns[0].name == "a"


def test_a_bad_upload_leaves_nothing_behind(
    catalog: UploadCatalog, artifacts: LocalArtifacts, tmp_path: Path
) -> None:
    with pytest.raises(BadUpload):
        add(catalog, tmp_path, content=b"a,b\n1\n")

    assert list(artifacts.keys("uploads")) == []
    with pytest.raises(UnknownSource):
        catalog.get(ONE)


@pytest.mark.parametrize("source_id", [TWO, "src_1", "../../etc/passwd", ""])
def test_an_id_that_no_upload_has_is_unknown(
    source_id: str, catalog: UploadCatalog, tmp_path: Path
) -> None:
    add(catalog, tmp_path)

    with pytest.raises(UnknownSource):
        catalog.profile(source_id)


@pytest.mark.parametrize(
    ("given_name", "stored"),
    [
        ("flights.csv", "flights.csv"),
        ("../../etc/passwd.csv", "passwd.csv"),
        ("C:\\data\\Q1 report.CSV", "Q1_report.csv"),
        ("_hidden.csv", "hidden.csv"),
        (".csv", "file.csv"),
        ("a*[b]{c}%20.csv", "a_b_c_20.csv"),
        ("größe\x00\n.csv", "groe.csv"),
        ("数据.csv", "file.csv"),
        ("profile.json", "upload-profile.json"),
        ("a.b.c.JSONL", "a.b.c.jsonl"),
        ("a.c s/v*", "v"),
        ("", "file"),
    ],
)
def test_file_names_are_made_plain(given_name: str, stored: str) -> None:
    assert safe_filename(given_name) == stored


@given(st.text())
def test_no_name_leaves_its_folder(name: str) -> None:
    safe = safe_filename(name)

    assert 0 < len(safe) <= MAX_FILENAME
    assert Path(safe).name == safe
    assert safe[0] not in "._-"
    assert safe.isascii()
    UploadSource(id=ONE, name=table_name(name))


@pytest.mark.parametrize(
    ("filename", "name"),
    [
        ("flights-airport.csv", "flights_airport"),
        ("seattle-weather.csv", "seattle_weather"),
        ("2019 sales (final).csv", "t_2019_sales_final"),
        ("--.csv", "file"),
        ("a.b.parquet", "a_b"),
    ],
)
def test_the_table_is_named_after_the_file(filename: str, name: str) -> None:
    assert table_name(filename) == name


def test_every_source_gets_a_name_of_its_own(
    catalog: UploadCatalog, artifacts: LocalArtifacts, tmp_path: Path
) -> None:
    add(catalog, tmp_path, ONE)
    add(catalog, tmp_path, TWO, "T.csv")
    sources = [UploadSource(id=ONE), UploadSource(id=TWO), UploadSource(id=ONE, name="T_2")]

    assert [p.name for p in profiles(sources, artifacts)] == ["t", "T_3", "T_2"]
    assert profiles([], artifacts) == ()


def refused(sources: list[Source], artifacts: LocalArtifacts) -> Failure:
    with pytest.raises(StepFailed) as failed:
        profiles(sources, artifacts)
    return failed.value.failure


def test_a_source_that_cannot_be_had_is_the_users_to_change(
    catalog: UploadCatalog, artifacts: LocalArtifacts, tmp_path: Path
) -> None:
    add(catalog, tmp_path)
    twice: list[Source] = [UploadSource(id=ONE, name="t"), UploadSource(id=ONE, name="T")]

    failures = [
        refused([UploadSource(id=TWO)], artifacts),
        refused([S3Source(uri="s3://bucket/key")], artifacts),
        refused(twice, artifacts),
    ]

    assert [f.code for f in failures] == [
        "UNKNOWN_SOURCE",
        "SOURCE_KIND_UNAVAILABLE",
        "DUPLICATE_SOURCE_NAME",
    ]
    assert {f.kind for f in failures} == {FailureKind.REQUEST}
    assert all(f.hint for f in failures)
    assert TWO in failures[0].message
    assert "'s3'" in failures[1].message
