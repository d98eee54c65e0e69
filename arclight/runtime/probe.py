"""`python -m arclight.runtime.probe live|ready QUEUE`: what compose and Kubernetes ask a worker.

`ready`: a canary went through the worker's own queue. `live`: the worker's broker connection
answers; it never fails because a step takes long.
"""

import asyncio
import sys
from datetime import timedelta

from arclight.contracts.names import Queue
from arclight.runtime.settings import settings
from arclight.runtime.store.redis import RedisStore

PATIENCE = timedelta(seconds=8)
"""Below the usual 10 s limit of a probe."""


async def ready(queue: Queue) -> bool:
    """True when the queue's consumer answers."""
    store = RedisStore.from_settings(settings())
    try:
        return await store.canary(queue, PATIENCE)
    finally:
        await store.close()


def main(argv: list[str]) -> int:
    """Exit status 0 when well."""
    match argv:
        case ["live" | "ready", name] if name in list(Queue):
            return 0 if asyncio.run(ready(Queue(name))) else 1
    raise SystemExit(f"usage: python -m arclight.runtime.probe live|ready [{'|'.join(Queue)}]")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
