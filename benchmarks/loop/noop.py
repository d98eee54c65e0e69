"""The loop with nothing to do: the shipped consumer and store around three empty steps."""

import os

from arclight.contracts.events import CodeGenerated, CodeValidated, Event, JobFinished
from arclight.contracts.job import Plan, ProgramRef
from arclight.contracts.names import Framework, JobState, Platform, Queue
from arclight.contracts.result import Result, ResultKind
from arclight.runtime.consume import consumer
from arclight.runtime.settings import settings
from arclight.runtime.work import StepFunction, Work
from arclight.runtime.worker import own_logging

PROGRAM = ProgramRef(key="none", sha256="0" * 64, bytes=1)


def generate(work: Work) -> Event:
    return CodeGenerated(
        **work.stamp(), generator="noop", framework=Framework.RAY, program=PROGRAM, plan=Plan()
    )


def validate(work: Work) -> Event:
    return CodeValidated(**work.stamp(), framework=Framework.RAY, platform=Platform.LOCAL)


def execute(work: Work) -> Event:
    result = Result(kind=ResultKind.TABLE, total_rows=0)
    return JobFinished(**work.stamp(), state=JobState.SUCCEEDED, result=result)


STEPS: dict[Queue, StepFunction] = {
    Queue.CODEGEN: generate,
    Queue.VALIDATOR: validate,
    Queue.EXECUTOR_RAY: execute,
}
QUEUE = Queue(os.environ.get("NOOP_QUEUE", Queue.CODEGEN))
own_logging(settings(), QUEUE)
app = consumer(QUEUE, STEPS[QUEUE])
