"""The picture as one table: which event wakes which queue, and who consumes it.

job.submitted ──▶ codegen ──▶ code.generated ──▶ validator ──▶ code.validated ──▶ executor_*
                     ▲                              │                                 │
                     └───────── code.rejected ──────┴──────── execution.failed ───────┘
In mode `review` a person stands behind the validator:
approval.requested ──▶ program.approved ──▶ executor_*  (or program.edited ──▶ validator,
                                                          program.declined ──▶ codegen)
Before a slow platform, or when asked for:
rehearsal.due ──▶ executor_* ──▶ code.rehearsed ──▶ executor_*
job.finished ──▶ notifier
"""

from collections.abc import Mapping

from arclight.contracts.names import EventType, Framework, Queue, Step


def _any(queue: Queue) -> Mapping[Framework, Queue]:
    return dict.fromkeys(Framework, queue)


_EXECUTORS: Mapping[Framework, Queue] = {
    Framework.SPARK: Queue.EXECUTOR_SPARK,
    Framework.RAY: Queue.EXECUTOR_RAY,
}

FLOW: Mapping[EventType, Mapping[Framework, Queue]] = {
    EventType.JOB_SUBMITTED: _any(Queue.CODEGEN),
    EventType.PROGRAM_SUBMITTED: _any(Queue.VALIDATOR),
    EventType.CODE_GENERATED: _any(Queue.VALIDATOR),
    EventType.CODE_REJECTED: _any(Queue.CODEGEN),
    EventType.PROGRAM_EDITED: _any(Queue.VALIDATOR),
    EventType.PROGRAM_DECLINED: _any(Queue.CODEGEN),
    EventType.CODE_VALIDATED: _EXECUTORS,
    EventType.REHEARSAL_DUE: _EXECUTORS,
    EventType.CODE_REHEARSED: _EXECUTORS,
    EventType.EXECUTION_FAILED: _any(Queue.CODEGEN),
    EventType.JOB_FINISHED: _any(Queue.NOTIFIER),
}

STEP_OF: Mapping[Queue, Step] = {
    Queue.CODEGEN: Step.CODEGEN,
    Queue.VALIDATOR: Step.VALIDATION,
    Queue.EXECUTOR_SPARK: Step.EXECUTION,
    Queue.EXECUTOR_RAY: Step.EXECUTION,
    Queue.NOTIFIER: Step.NOTIFICATION,
}
"""What a queue's consumer does, unless the event says `REHEARSAL_DUE`."""

TASK_OF: Mapping[Queue, str] = {
    Queue.CODEGEN: "codegen.generate",
    Queue.VALIDATOR: "validator.validate",
    Queue.EXECUTOR_SPARK: "executor_spark.execute",
    Queue.EXECUTOR_RAY: "executor_ray.execute",
    Queue.NOTIFIER: "notifier.deliver",
}
"""Celery task name by queue: the step is what an operator sees in Flower."""


def queue_for(event: EventType, framework: Framework) -> Queue:
    """The one queue that `event` wakes. Raises KeyError for an event that wakes nobody."""
    return FLOW[event][framework]


def step_for(event: EventType) -> Step:
    """The step that `event` makes pending, the same for every framework."""
    if event is EventType.REHEARSAL_DUE:
        return Step.REHEARSAL
    return STEP_OF[next(iter(FLOW[event].values()))]
