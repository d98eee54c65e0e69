"""Codegen's verb between the store and a generator: what it is given, and what is refused."""

import threading
from collections.abc import Sequence

import pytest

from arclight.contracts.events import CodeGenerated
from arclight.contracts.failure import FailureKind, StepFailed
from arclight.contracts.job import Job, Plan, utc
from arclight.contracts.names import Framework
from arclight.runtime.artifacts import LocalArtifacts, get_program
from arclight.runtime.settings import Settings
from arclight.runtime.store.memory import MemoryStore
from arclight.runtime.work import Work
from services.codegen.generate import generate
from services.codegen.generator import Ask, Draft, Tried
from tests import jobs
from tests.conftest import FakeClock


class Scripted:
    """A generator that writes the given programs, one after another."""

    name = "scripted"

    def __init__(self, *programs: str) -> None:
        self._programs = iter(programs)
        self.asked: list[tuple[Ask, tuple[Tried, ...]]] = []

    def generate(self, ask: Ask) -> Draft:
        return self.repair(ask, ())

    def repair(self, ask: Ask, tried: Sequence[Tried]) -> Draft:
        self.asked.append((ask, tuple(tried)))
        return Draft(
            program=next(self._programs),
            framework=Framework.RAY,
            plan=Plan(summary="scripted"),
            reason=f"try {len(tried) + 1}",
        )


@pytest.fixture
def memory(config: Settings, clock: FakeClock) -> MemoryStore:
    return MemoryStore(config, clock)


async def claimed(
    memory: MemoryStore, job: Job, artifacts: LocalArtifacts, config: Settings
) -> Work:
    claim = await memory.claim(jobs.message(job), "w1")
    assert claim is not None
    return Work(
        claim=claim,
        artifacts=artifacts,
        settings=config,
        log=lambda _: None,
        cancelled=threading.Event(),
        now=lambda: utc(jobs.START + 1),
    )


async def fail_the_run(memory: MemoryStore, event: CodeGenerated) -> Job:
    """Validate and run the generated program, and let the run fail."""
    job = await memory.append(event)
    for make in (jobs.validated, jobs.execution_failed):
        claim = await memory.claim(jobs.message(job), "w1")
        assert claim is not None
        job = await memory.append(make(claim.job))
    return job


async def test_the_first_program_is_stored_and_referred_to(
    memory: MemoryStore, artifacts: LocalArtifacts, config: Settings
) -> None:
    job = await memory.submit(jobs.submitted(framework=Framework.RAY))
    generator = Scripted("print('one')\n")

    event = generate(await claimed(memory, job, artifacts, config), generator)

    assert isinstance(event, CodeGenerated)
    assert get_program(artifacts, event.program) == "print('one')\n"
    assert event.generator == "scripted"
    [(ask, tried)] = generator.asked
    assert (ask.prompt, ask.framework, tried) == ("count the rows", Framework.RAY, ())


async def test_what_was_asked_before_reaches_the_generator(
    memory: MemoryStore, artifacts: LocalArtifacts, config: Settings
) -> None:
    job = await memory.submit(jobs.submitted(prompt="now by region", before=("total by size",)))
    generator = Scripted("print('one')\n")

    generate(await claimed(memory, job, artifacts, config), generator)

    assert [ask.before for ask, _ in generator.asked] == [("total by size",)]


async def test_a_repair_sees_every_program_and_its_failure(
    memory: MemoryStore, artifacts: LocalArtifacts, config: Settings
) -> None:
    job = await memory.submit(jobs.submitted())
    generator = Scripted("print('one')\n", "print('two')\n")
    first = generate(await claimed(memory, job, artifacts, config), generator)
    job = await fail_the_run(memory, first)

    second = generate(await claimed(memory, job, artifacts, config), generator)

    assert second.reason == "try 2"
    [tried] = generator.asked[1][1]
    assert tried.program == "print('one')\n"
    assert tried.failure == job.attempts[0].failure


async def test_a_program_that_was_tried_before_is_not_run_again(
    memory: MemoryStore, artifacts: LocalArtifacts, config: Settings
) -> None:
    job = await memory.submit(jobs.submitted())
    generator = Scripted("print('one')\n", "print('one')\n")
    job = await fail_the_run(
        memory, generate(await claimed(memory, job, artifacts, config), generator)
    )

    with pytest.raises(StepFailed) as stopped:
        generate(await claimed(memory, job, artifacts, config), generator)

    failure = stopped.value.failure
    assert (failure.code, failure.message) == ("BROKEN", "It broke.")
    assert "had been tried before" in str(failure.details["stopped_because"])


async def test_a_repair_that_is_not_possible_ends_with_what_the_program_said(
    memory: MemoryStore, artifacts: LocalArtifacts, config: Settings
) -> None:
    class Lost(Scripted):
        def repair(self, ask: Ask, tried: Sequence[Tried]) -> Draft:
            if not tried:
                return super().repair(ask, tried)
            said = jobs.failure(FailureKind.REQUEST, "PROMPT_NOT_UNDERSTOOD", message="Eh?")
            raise StepFailed(said)

    generator = Lost("print('one')\n")
    job = await memory.submit(jobs.submitted())
    job = await fail_the_run(
        memory, generate(await claimed(memory, job, artifacts, config), generator)
    )

    with pytest.raises(StepFailed) as stopped:
        generate(await claimed(memory, job, artifacts, config), generator)

    failure = stopped.value.failure
    assert (failure.code, failure.details["stopped_because"]) == ("BROKEN", "Eh?")


async def test_an_unknown_source_is_the_users_to_mend(
    memory: MemoryStore, artifacts: LocalArtifacts, config: Settings
) -> None:
    source = {"kind": "upload", "id": f"src_{1:028x}"}
    job = await memory.submit(jobs.submitted(sources=[source]))

    with pytest.raises(StepFailed) as stopped:
        generate(await claimed(memory, job, artifacts, config), Scripted("never"))

    assert stopped.value.failure.code == "UNKNOWN_SOURCE"
