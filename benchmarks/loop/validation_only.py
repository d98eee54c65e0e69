"""The peer of the accept path: the shipped app over a store that writes nothing."""

import sys
from typing import Any

import uvicorn

from arclight.contracts.apply import apply
from arclight.contracts.events import Event
from arclight.contracts.job import Job
from arclight.runtime.artifacts import artifacts_at
from arclight.runtime.settings import settings
from arclight.runtime.store.memory import MemoryStore
from services.gateway.app import create_app


class Nothing(MemoryStore):
    """Answers a submit with the job that it would have stored."""

    async def submit(self, event: Event, **_: Any) -> Job:
        return apply(None, event)


if __name__ == "__main__":
    config = settings()
    app = create_app(config, Nothing(config), artifacts_at(config.artifact_root))
    uvicorn.run(
        app,
        host=config.host,
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_config=None,
    )
