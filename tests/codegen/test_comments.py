"""A reviewer's comment continues the prompt and gets a program of its own."""

import pytest

from arclight.contracts.failure import FailureKind, StepFailed
from arclight.contracts.job import Job
from arclight.contracts.names import Mode
from arclight.runtime.artifacts import LocalArtifacts, get_program
from arclight.runtime.settings import Settings
from arclight.runtime.store.memory import MemoryStore
from services.codegen.generate import generate
from tests import jobs
from tests.codegen.test_generate import Scripted, claimed, memory

__all__ = ["memory"]


async def declined(
    memory: MemoryStore,
    artifacts: LocalArtifacts,
    config: Settings,
    generator: Scripted,
    job: Job,
    comment: str,
) -> Job:
    """The next program is written, passes, and is declined with the comment."""
    job = await memory.append(generate(await claimed(memory, job, artifacts, config), generator))
    claim = await memory.claim(jobs.message(job), "w1")
    assert claim is not None
    job = await memory.append(jobs.approval_requested(claim.job))
    return await memory.append(jobs.declined(job, comment))


async def test_comments_follow_the_prompt_in_order(
    memory: MemoryStore, artifacts: LocalArtifacts, config: Settings
) -> None:
    generator = Scripted("one\n", "two\n", "three\n")
    job = await memory.submit(
        jobs.submitted(prompt="cost by size", before=("all strikes",), mode=Mode.REVIEW)
    )
    job = await declined(memory, artifacts, config, generator, job, "use the median")
    job = await declined(memory, artifacts, config, generator, job, "only at night")

    event = generate(await claimed(memory, job, artifacts, config), generator)

    ask, _ = generator.asked[-1]
    assert ask.before == ("all strikes", "cost by size", "use the median")
    assert ask.prompt == "only at night"
    assert event.reason == "After the comment: only at night"
    assert get_program(artifacts, event.program) == "three\n"


async def test_a_later_repair_still_answers_the_comment(
    memory: MemoryStore, artifacts: LocalArtifacts, config: Settings
) -> None:
    generator = Scripted("one\n", "two\n", "three\n")
    job = await memory.submit(jobs.submitted(prompt="cost by size", mode=Mode.REVIEW))
    job = await declined(memory, artifacts, config, generator, job, "use the median")
    job = await memory.append(generate(await claimed(memory, job, artifacts, config), generator))
    claim = await memory.claim(jobs.message(job), "w1")
    assert claim is not None
    job = await memory.append(jobs.rejected(claim.job))

    generate(await claimed(memory, job, artifacts, config), generator)

    ask, tried = generator.asked[-1]
    assert (ask.before, ask.prompt) == (("cost by size",), "use the median")
    assert [t.program for t in tried] == ["one\n", "two\n"]


async def test_a_comment_that_changes_nothing_is_said_so(
    memory: MemoryStore, artifacts: LocalArtifacts, config: Settings
) -> None:
    generator = Scripted("one\n", "one\n")
    job = await memory.submit(jobs.submitted(mode=Mode.REVIEW))
    job = await declined(memory, artifacts, config, generator, job, "faster, please")

    with pytest.raises(StepFailed) as stopped:
        generate(await claimed(memory, job, artifacts, config), generator)

    failure = stopped.value.failure
    assert (failure.kind, failure.code) == (FailureKind.REQUEST, "COMMENT_CHANGES_NOTHING")
    assert "faster, please" in failure.message
