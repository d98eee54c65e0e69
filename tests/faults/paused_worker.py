"""The real worker of a queue, whose step can be held: `python -m tests.faults.paused_worker QUEUE`.

While the file `$HOLD.before` exists a claimed step waits before its work, while `$HOLD.after`
exists it waits between its effect and the commit. `$HOLD.reached` says that it waits now.
"""

import os
import sys
import time
from pathlib import Path

from celery import Celery

from arclight.contracts.events import Event
from arclight.contracts.names import Queue
from arclight.runtime import consume, worker
from arclight.runtime.settings import Settings
from arclight.runtime.work import StepFunction, Work

HOLD = Path(os.environ["HOLD"])
_consumer = consume.consumer


def _wait(moment: str) -> None:
    flag = HOLD.with_suffix(f".{moment}")
    while flag.exists():
        HOLD.with_suffix(".reached").touch()
        time.sleep(0.02)


def _held(queue: Queue, step: StepFunction, config: Settings | None = None) -> Celery:
    def held(work: Work) -> Event:
        _wait("before")
        event = step(work)
        _wait("after")
        return event

    return _consumer(queue, held, config)


if __name__ == "__main__":
    consume.consumer = _held
    worker.main(sys.argv[1:])
