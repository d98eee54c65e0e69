"""`python -m arclight.runtime.worker QUEUE`: the Celery worker of one queue."""

import gc
import importlib
import sys

from celery import Celery
from celery.signals import heartbeat_sent, setup_logging

from arclight.contracts.flow import STEP_OF
from arclight.contracts.names import Queue, Step
from arclight.runtime.alive import sign
from arclight.runtime.services import SERVICES
from arclight.runtime.settings import Settings, settings
from arclight.runtime.telemetry import configure


def load(queue: Queue) -> Celery:
    """The app of the service that consumes `queue`."""
    service = next(s for s in SERVICES if s.queue is queue)
    try:
        module = importlib.import_module(service.module)
    except ImportError as error:
        raise SystemExit(
            f"{service.name} cannot start: {error}. "
            f"Install it with: pip install 'arclight[{service.extra}]'"
        ) from error
    app: Celery = module.app
    return app


def own_logging(config: Settings, queue: Queue) -> None:
    """Keep Celery from setting up logging of its own."""

    @setup_logging.connect(weak=False)
    def _configure(**_: object) -> None:
        configure(config, queue)


def _pool(config: Settings, queue: Queue) -> list[str]:
    """How many steps at once, and in what.

    Processes: a step that hangs in C can still be stopped hard. An executor takes as many programs
    as can run, and only waits for its runner, so threads will do, at 35 MiB less for each.
    """
    if STEP_OF[queue] is Step.EXECUTION:
        return ["--pool=threads", f"--concurrency={config.slots}"]
    return ["--pool=prefork", f"--concurrency={config.concurrency}"]


def main(argv: list[str]) -> None:
    """Runs until SIGTERM (finish, then stop) or SIGQUIT."""
    if len(argv) != 1 or argv[0] not in list(Queue):
        raise SystemExit(f"usage: python -m arclight.runtime.worker [{'|'.join(Queue)}]")
    queue = Queue(argv[0])
    config = settings()
    own_logging(config, queue)

    @heartbeat_sent.connect(weak=False)
    def _sign(**_: object) -> None:
        sign(config, queue)

    app = load(queue)
    # The children are forks: what no collection touches stays shared with them, 12 MiB in each.
    gc.collect()
    gc.freeze()
    app.worker_main(
        [
            "worker",
            f"--queues={queue}",
            f"--hostname={queue}@%h",
            *_pool(config, queue),
            "--without-gossip",
            "--without-mingle",
            "--loglevel=INFO",
        ]
    )


if __name__ == "__main__":
    main(sys.argv[1:])
