"""Codegen's verb between the store and a generator: what it is given, and what is refused."""

import threading
from collections.abc import Sequence

import pytest

from arclight.contracts.events import CodeGenerated
from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.contracts.job import MENDED, USER, Job, Plan, utc
from arclight.contracts.names import Framework
from arclight.runtime.artifacts import LocalArtifacts, get_program, put_program
from arclight.runtime.settings import Settings
from arclight.runtime.store.memory import MemoryStore
from arclight.runtime.work import Work
from services.codegen.generate import generate
from services.codegen.generator import Ask, Draft, Tried
from services.codegen.mend.mender import Mender
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


# --- programs that were brought ----------------------------------------------------------------

BROUGHT = "import ray\n\nray.init()\nprint(np.zeros(3))\n"
MISSING = jobs.failure(message="NameError: name 'np' is not defined", code="NAME_ERROR", line=4)
"""`np` was not imported."""


async def brought(memory: MemoryStore, artifacts: LocalArtifacts, **request: object) -> Job:
    """A job whose own program ran and failed."""
    ref = put_program(artifacts, "jobs/x/program.py", BROUGHT)
    asked = {"program": ref, "framework": Framework.RAY, "prompt": "", **request}
    job = await memory.submit(jobs.program_submitted(**asked))
    return await go_on(memory, job, MISSING)


async def go_on(memory: MemoryStore, job: Job, failure: Failure) -> Job:
    """Validate the pending program, run it, and let it fail."""
    for make in (
        lambda j: jobs.validated(j, Framework.RAY),
        lambda j: jobs.execution_failed(j, failure),
    ):
        claim = await memory.claim(jobs.message(job), "w1")
        assert claim is not None
        job = await memory.append(make(claim.job))
    return job


async def test_a_program_that_was_brought_is_mended_and_stays_a_person_s(
    memory: MemoryStore, artifacts: LocalArtifacts, config: Settings
) -> None:
    job = await brought(memory, artifacts, repair=True)
    work = await claimed(memory, job, artifacts, config)

    event = generate(work, Scripted(), (Mender(),))

    assert isinstance(event, CodeGenerated)
    assert get_program(artifacts, event.program) == BROUGHT.replace(
        "import ray\n", "import ray\nimport numpy as np\n"
    )
    assert event.reason == "`import numpy as np` is added: 'np' was never imported."
    assert (event.generator, event.framework) == (MENDED, Framework.RAY)
    job = await memory.append(event)
    assert [a.generator for a in job.attempts] == [USER, MENDED]
    assert all(a.brought for a in job.attempts)


async def test_a_mended_program_is_mended_on_and_keeps_what_was_assumed(
    memory: MemoryStore, artifacts: LocalArtifacts, config: Settings
) -> None:
    class Assuming(Mender):
        def repair(self, ask: Ask, tried: Sequence[Tried]) -> Draft:
            plan = Plan(summary="mended", assumptions=(f"number {len(tried)}",))
            program = f"{tried[-1].program}# {len(tried)}\n"
            return Draft(program=program, framework=Framework.RAY, plan=plan, reason="why")

    job = await brought(memory, artifacts, repair=True)
    first = generate(await claimed(memory, job, artifacts, config), Scripted(), (Assuming(),))
    job = await go_on(memory, await memory.append(first), jobs.failure(code="OTHER"))

    second = generate(await claimed(memory, job, artifacts, config), Scripted(), (Assuming(),))

    assert isinstance(second, CodeGenerated)
    assert get_program(artifacts, second.program) == f"{BROUGHT}# 1\n# 2\n"
    assert second.plan.assumptions == ("number 1", "number 2")


async def test_what_nobody_can_mend_ends_with_its_failure_and_the_reason(
    memory: MemoryStore, artifacts: LocalArtifacts, config: Settings
) -> None:
    job = await brought(memory, artifacts, repair=True)
    first = generate(await claimed(memory, job, artifacts, config), Scripted(), (Mender(),))
    job = await go_on(memory, await memory.append(first), jobs.failure(code="STRANGE"))

    with pytest.raises(StepFailed) as stopped:
        generate(await claimed(memory, job, artifacts, config), Scripted(), (Mender(),))

    failure = stopped.value.failure
    assert (failure.code, failure.message) == ("STRANGE", "It broke.")
    assert "No small change is known for STRANGE" in str(failure.details["stopped_because"])
    assert failure.hint == "Change the program where the failure points, and submit it again."


async def test_the_next_repairer_is_asked_when_the_first_knows_nothing(
    memory: MemoryStore, artifacts: LocalArtifacts, config: Settings
) -> None:
    class Lost(Scripted):
        def repair(self, ask: Ask, tried: Sequence[Tried]) -> Draft:
            raise StepFailed(jobs.failure(code="NOT_MENDED"))

    job = await brought(memory, artifacts, repair=True)
    model = Scripted("print('by a model')\n")
    model.name = "model"

    event = generate(await claimed(memory, job, artifacts, config), Scripted(), (Lost(), model))

    assert isinstance(event, CodeGenerated)
    assert event.generator == "model"
    assert get_program(artifacts, event.program) == "print('by a model')\n"


async def test_without_repair_the_prompt_s_generator_writes_another_program(
    memory: MemoryStore, artifacts: LocalArtifacts, config: Settings
) -> None:
    job = await brought(memory, artifacts, prompt="three zeros")
    planner = Scripted("print([0, 0, 0])\n")

    event = generate(await claimed(memory, job, artifacts, config), planner, (Mender(),))

    assert isinstance(event, CodeGenerated)
    assert event.generator == "scripted"
    [(ask, [tried])] = planner.asked
    assert (ask.prompt, tried.program, tried.failure) == ("three zeros", BROUGHT, MISSING)
