"""`python -m arclight.runtime.probe live|ready NAME`: what compose and Kubernetes ask.

`ready QUEUE`: a canary went through the queue. `live QUEUE` or `live reconciler`: the process
itself gave a sign of late; a long step or a store that is away does not make it fail.
"""

import asyncio
import sys
from datetime import timedelta

from arclight.contracts.names import Queue
from arclight.runtime.alive import alive
from arclight.runtime.services import RECONCILER, SERVICES
from arclight.runtime.settings import settings
from arclight.runtime.store.redis import RedisStore

PATIENCE = timedelta(seconds=8)
"""Below the usual 10 s limit of a probe."""
LIVING = (*Queue, RECONCILER, *(s.name for s in SERVICES if s.runner))


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
        case ["live", name] if name in LIVING:
            return 0 if alive(settings(), name) else 1
        case ["ready", name] if name in list(Queue):
            return 0 if asyncio.run(ready(Queue(name))) else 1
    raise SystemExit(f"usage: python -m arclight.runtime.probe live|ready [{'|'.join(LIVING)}]")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
