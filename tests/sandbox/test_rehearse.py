"""The rehearsal step with plain Python in place of an engine, in real cages."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest

from arclight.catalog.stand_in import write_stand_in
from arclight.contracts.events import CodeRehearsed, Event
from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.contracts.run_facts import RunFacts
from arclight.contracts.source import S3Source, UploadSource
from arclight.runtime.artifacts import LocalArtifacts
from arclight.runtime.settings import Settings
from arclight.runtime.work import Work
from arclight.sandbox import rehearse
from arclight.sandbox.rehearse import Moved, rehearse_program
from arclight.sandbox.runner import client
from tests.sandbox import works
from tests.sandbox.running import running
from tests.sandbox.test_run_program import WRITE, NoEngine, settings_at, slots

ROWS = 5_000


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    # A blank: the address of an input then differs from its path.
    folder = tmp_path_factory.mktemp("re hearsal")
    with running(NoEngine(), settings_at(folder)):
        yield folder


@pytest.fixture
def config(home: Path) -> Settings:
    return settings_at(home)


@pytest.fixture
def artifacts(home: Path) -> LocalArtifacts:
    return LocalArtifacts(home / "artifacts")


@pytest.fixture
def sales(artifacts: LocalArtifacts) -> UploadSource:
    id_ = f"src_{1:028x}"
    key = f"uploads/{id_}/sales.csv"
    lines = ["amount", *map(str, range(ROWS))]
    artifacts.put(key, "\n".join(lines).encode())
    return UploadSource(id=id_, uri=artifacts.uri(key))


def read(address: str, then: str) -> str:
    return f"""
from urllib.parse import unquote, urlparse
rows = open(unquote(urlparse({address!r}).path)).read().split()[1:]
{then}
"""


def step(work: Work) -> Event:
    return rehearse_program(work, NoEngine(), write_stand_in)


def rehearsed(
    text: str, artifacts: LocalArtifacts, config: Settings, *sources: UploadSource
) -> tuple[RunFacts, works.Run]:
    run = works.step(text, artifacts, config, sources=sources, rehearse=True)
    event = step(run.work)
    assert isinstance(event, CodeRehearsed)
    assert event.facts is not None
    return event.facts, run


def test_a_program_sees_the_sample_of_its_table_and_leaves_nothing(
    artifacts: LocalArtifacts, config: Settings, sales: UploadSource
) -> None:
    program = WRITE + read(sales.uri, "assert len(rows) == 1000, len(rows)\nprint(rows)")

    facts, run = rehearsed(program, artifacts, config, sales)

    assert facts.note == ""
    assert facts.logs == ()
    assert facts.limits is not None
    assert facts.limits.wall == timedelta(seconds=30)
    assert len(run.lines) == 1
    assert "ended well" in run.lines[0]
    assert not [*artifacts.keys("output"), *artifacts.keys("logs")]
    assert slots(config) == []


@pytest.mark.parametrize("form", ["address", "path", "put together"])
def test_however_the_address_is_written(
    artifacts: LocalArtifacts, config: Settings, sales: UploadSource, form: str
) -> None:
    path = unquote(urlparse(sales.uri).path)
    written = {
        "address": repr(sales.uri),
        "path": repr(path),
        "put together": f"{path.rpartition('/')[0]!r} + '/' + 'sales.csv'",
    }[form]
    program = read("", "").replace(repr(""), written) + "\nassert len(rows) == 1000, len(rows)"

    facts, _ = rehearsed(program, artifacts, config, sales)

    assert facts.note == ""


def test_an_error_of_the_program_fails_the_step_in_the_words_of_its_run(
    artifacts: LocalArtifacts, config: Settings, sales: UploadSource
) -> None:
    wrong = sales.uri.replace("sales.csv", "sale.csv")
    run = works.step(read(wrong, ""), artifacts, config, sources=(sales,), rehearse=True)

    with pytest.raises(StepFailed) as raised:
        step(run.work)

    failure = raised.value.failure
    assert (failure.kind, failure.code, failure.line) == (
        FailureKind.CODE,
        "FILE_NOT_FOUND_ERROR",
        3,
    )
    assert unquote(urlparse(wrong).path) in failure.message
    assert wrong in failure.traceback
    assert "tables" not in failure.message + failure.traceback
    assert raised.value.facts is not None
    assert slots(config) == []


def test_what_few_rows_may_cause_passes_and_says_so(
    artifacts: LocalArtifacts, config: Settings, sales: UploadSource
) -> None:
    facts, run = rehearsed(read(sales.uri, "rows[4321]"), artifacts, config, sales)

    assert "few rows" in facts.note
    assert "list index out of range" in facts.note
    assert facts.note in run.lines[0]


def test_an_address_that_the_program_computes_passes_and_says_so(
    artifacts: LocalArtifacts, config: Settings, sales: UploadSource
) -> None:
    path = unquote(urlparse(sales.uri).path)
    program = f"open({path[:9]!r} + {path[9:]!r})"

    facts, _ = rehearsed(program, artifacts, config, sales)

    assert "computes the address" in facts.note


def test_a_slow_program_passes_and_says_so(
    artifacts: LocalArtifacts, config: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearse, "LONGEST", timedelta(seconds=1))

    facts, _ = rehearsed("import time\ntime.sleep(60)", artifacts, config)

    assert "stopped" in facts.note


def test_a_source_that_is_not_here_is_no_failure(
    artifacts: LocalArtifacts, config: Settings
) -> None:
    far = S3Source(uri="s3://bucket/table.csv")

    run = works.step("raise SystemExit(1)", artifacts, config, sources=(far,), rehearse=True)
    event = step(run.work)

    assert isinstance(event, CodeRehearsed)
    assert event.facts is not None
    assert "not at hand" in event.facts.note


def test_a_source_that_cannot_be_read_is_no_failure(
    artifacts: LocalArtifacts, config: Settings
) -> None:
    id_ = f"src_{2:028x}"
    artifacts.put(f"uploads/{id_}/damaged.parquet", b"PAR1 and nothing else")
    damaged = UploadSource(id=id_, uri=artifacts.uri(f"uploads/{id_}/damaged.parquet"))

    facts, _ = rehearsed("raise SystemExit(1)", artifacts, config, damaged)

    assert "could not be read" in facts.note


def test_an_engine_that_is_lost_again_ends_the_rehearsal_and_not_the_job(
    artifacts: LocalArtifacts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "RUNNER_PATIENCE", 0.1)
    nobody = settings_at(tmp_path)
    first = works.step("pass", artifacts, nobody, rehearse=True).work
    claim = first.claim
    again = replace(claim, message=claim.message.model_copy(update={"run": 2}))

    with pytest.raises(StepFailed) as raised:
        step(first)
    event = step(replace(first, claim=again))

    assert raised.value.failure.kind is FailureKind.INFRASTRUCTURE
    assert isinstance(event, CodeRehearsed)
    assert event.facts is not None
    assert "given up" in event.facts.note


def test_a_machine_that_cannot_hold_programs_fails_no_rehearsal(
    artifacts: LocalArtifacts, config: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = Failure(kind=FailureKind.REQUEST, code="JAVA_MISSING", message="There is no Java.")

    def refuse(*_: object) -> None:
        raise StepFailed(refusal)

    monkeypatch.setattr(rehearse, "visit", refuse)

    facts, _ = rehearsed("pass", artifacts, config)

    assert "There is no Java." in facts.note


def test_a_cancel_ends_it(artifacts: LocalArtifacts, config: Settings) -> None:
    run = works.step("import time\ntime.sleep(60)", artifacts, config, rehearse=True)
    run.work.cancelled.set()

    with pytest.raises(StepFailed) as raised:
        step(run.work)

    assert raised.value.failure.kind is FailureKind.CANCELLED


def test_texts_change_places_and_back() -> None:
    moved = Moved(Path("/a b/uploads"), Path("/s/arc-1/tables"))
    text = "file:///a%20b/uploads/src_1/x.csv and /a b/uploads/src_1/x.csv"

    there = moved.there(text)

    assert there == "file:///s/arc-1/tables/src_1/x.csv and /s/arc-1/tables/src_1/x.csv"
    assert moved.back(there) == text
