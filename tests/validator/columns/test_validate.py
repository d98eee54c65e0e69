"""The validator's step hands the columns of the job's uploads to the check."""

from pathlib import Path

import pytest

from arclight.catalog.upload import UploadCatalog
from arclight.contracts.failure import StepFailed
from arclight.contracts.names import Framework
from arclight.contracts.source import UploadSource
from arclight.runtime.artifacts import LocalArtifacts
from arclight.runtime.settings import Settings
from services.validator.validate import validate
from tests.validator.test_validate import SPARK, Bench

ID = f"src_{7:028x}"


@pytest.fixture
def uploaded(tmp_path: Path) -> tuple[LocalArtifacts, UploadSource]:
    artifacts = LocalArtifacts(tmp_path / "store")
    file = tmp_path / "birds.csv"
    file.write_text("size,cost\nSmall,3\nLarge,9\n")
    stored = UploadCatalog(artifacts).add(file, "birds.csv", ID)
    return artifacts, UploadSource(id=ID, name="birds", uri=artifacts.uri(stored.key))


def text(source: UploadSource, name: str) -> str:
    return SPARK.replace("file:///store/birds.csv", source.uri).replace('"size"', f'"{name}"')


def test_an_unknown_column_of_an_upload_goes_back(
    uploaded: tuple[LocalArtifacts, UploadSource], config: Settings
) -> None:
    artifacts, source = uploaded
    bench = Bench(artifacts, config)
    with pytest.raises(StepFailed) as caught:
        validate(bench.generated(text(source, "sise"), Framework.SPARK, sources=(source,)))
    (found,) = caught.value.findings
    assert (found.code, found.candidates) == ("COL001", ("size",))
    assert found.fix is not None
    assert found.fix.text == '"size"'
    validate(bench.generated(text(source, "size"), Framework.SPARK, sources=(source,)))


def test_a_source_whose_profile_cannot_be_read_is_not_judged(
    uploaded: tuple[LocalArtifacts, UploadSource], config: Settings
) -> None:
    artifacts, source = uploaded
    bench = Bench(artifacts, config)
    artifacts.put(f"uploads/{ID}/profile.json", b'{"half": ')
    validate(bench.generated(text(source, "sise"), Framework.SPARK, sources=(source,)))
