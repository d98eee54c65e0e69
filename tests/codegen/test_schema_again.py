"""When a repair looks at the files again, and what it then knows."""

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from arclight.catalog.profile import ColumnType
from arclight.catalog.resolve import profiles
from arclight.catalog.upload import UploadCatalog
from arclight.contracts.apply import apply
from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.contracts.job import Plan, utc
from arclight.contracts.names import Framework
from arclight.contracts.source import UploadSource
from arclight.runtime.artifacts import LocalArtifacts
from arclight.runtime.settings import Settings
from arclight.runtime.store.port import Claim
from arclight.runtime.work import Work
from services.codegen.generator import Ask, Draft, Tried
from services.codegen.schema_again import ReadsAgain, read_again
from tests import jobs

ROWS = 1_500
NOT_YET = jobs.failure(FailureKind.REQUEST, "NO_FURTHER_REPAIR")


class Listening:
    """A generator that notes what it is asked, and gives up `refuses` times."""

    name = "listening"

    def __init__(self, refuses: int = 0) -> None:
        self.asked: list[Ask] = []
        self._refuses = refuses

    def generate(self, ask: Ask) -> Draft:
        return self.repair(ask, ())

    def repair(self, ask: Ask, tried: Sequence[Tried]) -> Draft:
        self.asked.append(ask)
        if len(self.asked) <= self._refuses:
            raise StepFailed(NOT_YET)
        return Draft(
            program=f"print({len(self.asked)})", framework=Framework.RAY, plan=Plan(), reason="r"
        )


@pytest.fixture
def work(artifacts: LocalArtifacts, config: Settings, tmp_path: Path) -> Work:
    """A step over an upload whose amounts are numbers in the sample, and not all of them below."""
    lines = ["shop,amount", *(f"a,{n}" for n in range(ROWS)), "a,n/a"]
    path = tmp_path / "sold.csv"
    path.write_text("\n".join(lines) + "\n")
    id_ = "src_" + "1" * 28
    UploadCatalog(artifacts).add(path, "sold.csv", id_)
    event = jobs.submitted(sources=[UploadSource(id=id_, name="sold")])
    job = apply(None, event)
    return Work(
        claim=Claim(message=jobs.message(job), job=job, fence=1),
        artifacts=artifacts,
        settings=config,
        log=lambda *_: None,
        cancelled=threading.Event(),
        now=lambda: utc(jobs.START),
    )


@pytest.fixture
def ask(work: Work) -> Ask:
    tables = profiles(work.job.request.sources, work.artifacts)
    return Ask(prompt="total amount by shop", tables=tables, framework=Framework.RAY)


def tried(code: str, times: int = 1) -> list[Tried]:
    said = Failure(kind=FailureKind.CODE, code=code, message="It failed.")
    return [Tried(program=f"old {n}", failure=said) for n in range(times)]


def test_what_is_read_again_comes_from_the_rows_below_the_sample(work: Work, ask: Ask) -> None:
    again = read_again(ask, work)

    assert ask.tables[0].columns[1].type is ColumnType.INTEGER
    assert again.tables[0].columns[1].type is ColumnType.STRING
    assert again.tables[0].columns[1].not_numeric == ("n/a",)
    assert again.first == ask.tables
    assert (again.tables[0].name, again.tables[0].uri) == (ask.tables[0].name, ask.tables[0].uri)


def test_a_file_that_is_no_table_any_more_is_taken_as_it_was_known(work: Work, ask: Ask) -> None:
    work.artifacts.put(f"uploads/src_{'1' * 28}/sold.csv", b'a,b\n"never closed\n')

    assert read_again(ask, work).tables == ask.tables


@pytest.mark.parametrize("code", ["UNRESOLVED_COLUMN", "HEADER_DIFFERS", "BAD_VALUE"])
def test_a_failure_that_doubts_the_schema_reads_it_at_once(code: str, work: Work, ask: Ask) -> None:
    generator = Listening()

    ReadsAgain(generator, lambda a: read_again(a, work)).repair(ask, tried(code))

    assert [bool(a.first) for a in generator.asked] == [True]


def test_from_the_third_attempt_on_the_schema_is_read_again(work: Work, ask: Ask) -> None:
    generator = Listening()

    ReadsAgain(generator, lambda a: read_again(a, work)).repair(ask, tried("NAME_ERROR"))
    ReadsAgain(generator, lambda a: read_again(a, work)).repair(ask, tried("NAME_ERROR", 2))

    assert [bool(a.first) for a in generator.asked] == [False, True]


def test_a_generator_that_is_at_its_end_is_asked_once_more_with_the_new_schema(
    work: Work, ask: Ask
) -> None:
    generator = Listening(refuses=1)

    draft = ReadsAgain(generator, lambda a: read_again(a, work)).repair(ask, tried("NAME_ERROR"))

    assert draft.program == "print(2)"
    assert [bool(a.first) for a in generator.asked] == [False, True]


def test_without_tables_there_is_nothing_to_read_again(ask: Ask) -> None:
    def never(asked: Ask) -> Ask:
        raise AssertionError("nothing to read")

    generator = Listening(refuses=1)

    with pytest.raises(StepFailed):
        ReadsAgain(generator, never).repair(
            ask.model_copy(update={"tables": ()}), tried("NAME_ERROR", 3)
        )


def test_a_file_that_was_replaced_is_known_by_its_new_schema_to_every_later_step(
    work: Work, ask: Ask
) -> None:
    work.artifacts.put(f"uploads/src_{'1' * 28}/sold.csv", b"batch,shop,amount_eur\n1,a,2\n")

    again = read_again(ask, work)

    later = profiles(work.job.request.sources, work.artifacts)
    assert [c.name for c in later[0].columns] == ["batch", "shop", "amount_eur"]
    assert later == again.tables


def test_reading_the_same_content_again_changes_nothing_for_others(work: Work, ask: Ask) -> None:
    read_again(ask, work)

    assert profiles(work.job.request.sources, work.artifacts) == ask.tables
