"""The edge: codegen's queue."""

from arclight.contracts.events import Event
from arclight.contracts.names import Queue
from arclight.runtime.consume import consumer
from arclight.runtime.work import Work
from services.codegen.generate import generate
from services.codegen.planner.planner import Planner

_PLANNER = Planner()


def _step(work: Work) -> Event:
    return generate(work, _PLANNER)


app = consumer(Queue.CODEGEN, _step)
