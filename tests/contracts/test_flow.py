"""The flow table: one queue for every (event, framework), one consumer for every queue."""

import pytest

from arclight.contracts.flow import FLOW, STEP_OF, TASK_OF, queue_for, step_for
from arclight.contracts.names import EventType, Framework, Queue, Step
from arclight.runtime.services import SERVICES

RUNNABLE = (Framework.SPARK, Framework.RAY)


@pytest.mark.parametrize("framework", RUNNABLE)
@pytest.mark.parametrize("event", FLOW)
def test_every_waking_event_has_exactly_one_queue(event: EventType, framework: Framework) -> None:
    assert queue_for(event, framework) in Queue


def test_every_queue_is_reached() -> None:
    assert {queue_for(e, f) for e in FLOW for f in RUNNABLE} == set(Queue)


def test_every_queue_has_one_consuming_service_one_step_and_one_task() -> None:
    consumed = [s.queue for s in SERVICES if s.queue is not None]

    assert sorted(consumed) == sorted(Queue)
    assert set(STEP_OF) == set(TASK_OF) == set(Queue)
    assert len(set(TASK_OF.values())) == len(Queue)


@pytest.mark.parametrize("event", FLOW)
def test_an_event_makes_the_same_step_pending_for_every_framework(event: EventType) -> None:
    steps = {STEP_OF[q] for q in FLOW[event].values()}
    if event is EventType.REHEARSAL_DUE:
        steps = {Step.REHEARSAL}  # Executors do two things; this event says which.
    assert steps == {step_for(event)}
