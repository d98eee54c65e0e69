"""Through the consumer: the message of a job that has ended becomes a delivery on its record."""

from arclight.contracts.events import Event
from arclight.contracts.names import JobState, Queue
from arclight.runtime.artifacts import LocalArtifacts
from arclight.runtime.consume import Consumer
from arclight.runtime.settings import Settings
from arclight.runtime.store.memory import MemoryStore
from arclight.runtime.work import Work
from services.notifier import tasks
from services.notifier.deliver import deliver
from tests import jobs
from tests.conftest import FakeClock
from tests.notifier.receiver import Receiver, receiving


async def test_a_failed_delivery_is_scheduled_and_then_made(
    local: Settings, artifacts: LocalArtifacts, clock: FakeClock
) -> None:
    # Given a cancelled job whose receiver is down once
    store = MemoryStore(local, clock)
    with receiving(Receiver(answers=[(503, {})])) as receiver:
        job = await store.submit(jobs.submitted(callback_url=receiver.url))
        job = await store.append(jobs.cancelled(job), known=job)

        def step(work: Work) -> Event:
            return deliver(work, chance=float)

        consumer = Consumer(Queue.NOTIFIER, step, store, artifacts, local, worker="w")

        # When its message is handled, and again once the pause is over
        await consumer.handle(jobs.message(job).model_dump(mode="json"))
        waiting = await store.get(job.id)
        clock.forward(10)
        await consumer.handle(jobs.message(waiting).model_dump(mode="json"))
        done = await store.get(job.id)

    # Then both tries are on the record, the second one succeeded, and nothing is pending
    assert [a.status for a in done.webhook] == [503, 204]
    assert [a.delivered for a in done.webhook] == [False, True]
    assert done.state is JobState.CANCELLED
    assert done.pending is None
    assert receiver.got[0][1]["webhook-id"] == receiver.got[1][1]["webhook-id"]


def test_the_edge_serves_the_notifier_s_queue() -> None:
    assert "notifier.deliver" in tasks.app.tasks
