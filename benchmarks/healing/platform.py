"""Faults that nobody who asked can help: they must cost no attempt."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from arclight.contracts.events import Event
from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.contracts.job import Job, JobRequest
from arclight.contracts.names import Framework, Queue
from arclight.contracts.outcome import spent, worker_lost
from arclight.runtime.work import StepFunction, Work
from arclight.sandbox.failures import engine_lost
from arclight.sandbox.runner.client import runner_lost
from benchmarks.healing.loop import Loop
from services.codegen.generate import generate
from services.codegen.planner.planner import Planner
from services.validator.validate import validate

MakeFailure = Callable[[Work], Failure]

EXECUTOR = {Framework.SPARK: Queue.EXECUTOR_SPARK, Framework.RAY: Queue.EXECUTOR_RAY}


@dataclass(frozen=True)
class Blow:
    """A step that fails `times` times without the program's doing."""

    name: str
    step: str
    failure: MakeFailure
    times: int = 1


def _throttled(work: Work) -> Failure:
    return Failure(
        kind=FailureKind.THROTTLED,
        code="THROTTLED",
        message="The engine said: slow down.",
        hint="The step starts again by itself.",
        retry_after=timedelta(milliseconds=1),
    )


BLOWS = (
    Blow("throttled", "codegen", _throttled),
    Blow("throttled", "execution", _throttled, times=3),
    Blow("worker lost", "codegen", lambda work: worker_lost(work.job)),
    Blow("worker lost", "validation", lambda work: worker_lost(work.job)),
    Blow("worker lost", "execution", lambda work: worker_lost(work.job), times=2),
    Blow("engine lost", "execution", lambda work: engine_lost("it was killed")),
    Blow(
        "engine did not start", "execution", lambda work: engine_lost("it did not start"), times=2
    ),
    Blow("runner lost", "execution", lambda work: runner_lost()),
)


@dataclass(frozen=True)
class Survived:
    """What a blow cost. Fields are JSON."""

    name: str
    step: str
    framework: str
    state: str
    attempts: int
    """Attempts that the budget paid for: 1 is the program itself."""
    again: int
    """Runs that the platform paid for."""

    @property
    def free(self) -> bool:
        return self.state == "succeeded" and self.attempts == 1


async def survive(loop: Loop, blow: Blow, request: JobRequest) -> Survived:
    """A good program, and a platform that fails under it."""
    planner = Planner()
    own: Mapping[str, tuple[Queue, StepFunction]] = {
        "codegen": (Queue.CODEGEN, lambda work: generate(work, planner)),
        "validation": (Queue.VALIDATOR, validate),
        "execution": (EXECUTOR[request.framework], loop.execute(EXECUTOR[request.framework])),
    }
    queue, step = own[blow.step]
    hit = _hit(step, blow)
    codegen = hit if queue is Queue.CODEGEN else own["codegen"][1]
    job = await loop.job(request, codegen, {queue: hit} if queue is not Queue.CODEGEN else {})
    return _survived(blow, request, job)


def _hit(step: StepFunction, blow: Blow) -> StepFunction:
    left: Iterator[int] = iter(range(blow.times))

    def fails_first(work: Work) -> Event:
        if next(left, None) is not None:
            raise StepFailed(blow.failure(work))
        return step(work)

    return fails_first


def _survived(blow: Blow, request: JobRequest, job: Job) -> Survived:
    runs = [run for attempt in job.attempts for run in attempt.runs]
    return Survived(
        name=blow.name,
        step=blow.step,
        framework=request.framework,
        state=job.state,
        attempts=spent(job).attempts,
        again=sum(1 for run in runs if run.payer == "platform"),
    )
