"""The edge: the notifier's queue."""

from arclight.contracts.events import Event
from arclight.contracts.names import Queue
from arclight.runtime.consume import consumer
from arclight.runtime.work import Work
from services.notifier.deliver import deliver


def _step(work: Work) -> Event:
    return deliver(work)


app = consumer(Queue.NOTIFIER, _step)
