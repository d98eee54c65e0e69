"""Through the consumer: a submitted program is accepted or ends with what is wrong with it."""

from arclight.contracts.job import Job
from arclight.contracts.names import JobState, Queue, Step
from arclight.runtime.artifacts import LocalArtifacts, put_program
from arclight.runtime.consume import Consumer
from arclight.runtime.settings import Settings
from arclight.runtime.store.memory import MemoryStore
from services.validator import tasks
from services.validator.validate import validate
from tests import jobs
from tests.conftest import FakeClock


async def handled(text: str, config: Settings, artifacts: LocalArtifacts, clock: FakeClock) -> Job:
    """The record after the validator has worked on a program that a person brought."""
    store = MemoryStore(config, clock)
    ref = put_program(artifacts, "jobs/x/program.py", text)
    job = await store.submit(jobs.program_submitted(program=ref, prompt=""))
    consumer = Consumer(Queue.VALIDATOR, validate, store, artifacts, config, worker="w")
    await consumer.handle(jobs.message(job).model_dump(mode="json"))
    return await store.get(job.id)


async def test_a_sound_program_waits_for_its_executor(
    config: Settings, artifacts: LocalArtifacts, clock: FakeClock
) -> None:
    job = await handled("import ray\nray.init()\nprint(1)\n", config, artifacts, clock)
    assert job.state is JobState.RUNNING
    assert job.pending is not None
    assert job.pending.step is Step.EXECUTION


async def test_a_dangerous_program_ends_the_job_with_its_findings(
    config: Settings, artifacts: LocalArtifacts, clock: FakeClock
) -> None:
    text = "import ray\nimport subprocess\nray.init()\nprint(subprocess.run('id'))\n"
    job = await handled(text, config, artifacts, clock)
    assert job.state is JobState.FAILED
    assert job.error is not None
    assert job.error.code == "SEC002"
    assert [f.line for f in job.attempts[-1].findings] == [2, 4]


def test_the_edge_serves_the_validator_s_queue() -> None:
    assert "validator.validate" in tasks.app.tasks
