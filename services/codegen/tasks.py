"""The edge: codegen's queue."""

from arclight.contracts.events import Event
from arclight.contracts.names import Queue
from arclight.runtime.consume import consumer
from arclight.runtime.work import Work
from services.codegen.generate import generate
from services.codegen.mend.mender import Mender
from services.codegen.planner.planner import Planner

_PLANNER = Planner()
_REPAIRERS = (Mender(),)
"""Asked in turn about a program that was brought; a configured model comes after the mender."""


def _step(work: Work) -> Event:
    return generate(work, _PLANNER, _REPAIRERS)


app = consumer(Queue.CODEGEN, _step)
