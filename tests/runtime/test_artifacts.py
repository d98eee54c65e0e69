"""The contract of the artifact store: a local folder, and S3 against a stand-in.

The stand-in (moto) speaks S3's protocol; it proves nothing about S3's consistency or its speed.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from arclight.runtime.artifacts import (
    ArtifactMissing,
    Artifacts,
    LocalArtifacts,
    artifacts_at,
    get_program,
    put_program,
)


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["file", "s3"])
def any_artifacts(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Artifacts:
    if request.param == "file":
        return artifacts_at((tmp_path / "store").as_uri())
    import boto3

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", request.getfixturevalue("s3_endpoint"))
    bucket = f"b{abs(hash(tmp_path))}"
    boto3.client("s3").create_bucket(Bucket=bucket)
    return artifacts_at(f"s3://{bucket}/some/prefix")


def test_what_is_put_comes_back(any_artifacts: Artifacts) -> None:
    any_artifacts.put("a/b.bin", b"one")
    any_artifacts.put("a/b.bin", b"two")

    assert any_artifacts.get("a/b.bin") == b"two"
    assert any_artifacts.local("a/b.bin").read_bytes() == b"two"


def test_a_file_is_moved_in(any_artifacts: Artifacts, tmp_path: Path) -> None:
    path = tmp_path / "big.bin"
    path.write_bytes(b"x" * 1000)

    any_artifacts.put_file("files/big.bin", path)

    assert any_artifacts.get("files/big.bin") == b"x" * 1000
    assert not path.exists()


def test_keys_are_sorted_and_complete(any_artifacts: Artifacts) -> None:
    for name in ("o/part-2", "o/part-1", "other/part-3"):
        any_artifacts.put(name, b"x")

    assert list(any_artifacts.keys("o")) == ["o/part-1", "o/part-2"]


def test_what_is_not_there_is_said_to_be_missing(any_artifacts: Artifacts) -> None:
    with pytest.raises(ArtifactMissing):
        any_artifacts.get("nothing/here")
    with pytest.raises(ArtifactMissing):
        any_artifacts.local("nothing/here")


@pytest.mark.parametrize("key", ["../outside", "/etc/passwd", "a/../../outside"])
def test_no_key_leaves_the_store(any_artifacts: Artifacts, key: str) -> None:
    with pytest.raises(ValueError, match="not a key below"):
        any_artifacts.put(key, b"x")


def test_a_changed_program_is_noticed(artifacts: LocalArtifacts) -> None:
    ref = put_program(artifacts, "jobs/1/program.py", "print(1)\n")
    assert get_program(artifacts, ref) == "print(1)\n"

    artifacts.put(ref.key, b"print(2)\n")

    with pytest.raises(ValueError, match="not the one that was recorded"):
        get_program(artifacts, ref)
