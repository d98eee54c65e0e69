"""The gateway as an ASGI app: `services.gateway.app:app`."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache, partial
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

import arclight
from arclight.catalog.upload import UploadCatalog
from arclight.contracts.job import utc
from arclight.runtime.artifacts import Artifacts, artifacts_at
from arclight.runtime.keys import KeyStore, MemoryKeys, RedisKeys, configured_keys
from arclight.runtime.settings import Settings
from arclight.runtime.settings import settings as process_settings
from arclight.runtime.store.port import JobStore
from arclight.runtime.store.redis import RedisStore
from services.gateway import (
    attempts,
    cancel,
    events,
    explain,
    jobs,
    ready,
    results,
    review,
    sources,
    submit,
)
from services.gateway.auth import Authentication, Keyring
from services.gateway.context import Gateway
from services.gateway.errors import answer_error
from services.gateway.ids import Ids
from services.gateway.middleware import BodyLimit, Edge
from services.gateway.openapi import document

_MODULES = (submit, jobs, cancel, review, attempts, results, events, sources, ready, explain)


def create_app(
    settings: Settings,
    store: JobStore,
    artifacts: Artifacts,
    *,
    keys: KeyStore | None = None,
    now: Callable[[], datetime] = lambda: utc(time.time()),
    ids: Ids | None = None,
) -> FastAPI:
    """The app over these collaborators. Closes `store` and `keys` when it shuts down.

    Without `keys` only those of `settings.api_keys` are known. Raises ValueError for an API key
    in the settings that does not read like one.
    """
    keyring = Keyring(keys or MemoryKeys(), configured_keys(settings, now()), now)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await keyring.close()
        await store.close()

    app = FastAPI(
        title="Arclight",
        version=arclight.__version__,
        summary="Plain words in, a verified answer out, computed by real PySpark or Ray code.",
        lifespan=lifespan,
        redirect_slashes=False,
        redoc_url=None,
    )
    app.state.gateway = Gateway(
        settings=settings,
        store=store,
        artifacts=artifacts,
        catalog=UploadCatalog(artifacts),
        now=now,
        ids=ids or Ids(),
    )
    for module in _MODULES:
        app.include_router(module.router)
    for kind in (HTTPException, RequestValidationError):
        app.add_exception_handler(kind, answer_error)
    # The last one added is the outermost.
    app.add_middleware(BodyLimit)
    app.add_middleware(Authentication, keyring=keyring)
    app.add_middleware(Edge)
    app.openapi = partial(document, app)  # type: ignore[method-assign]
    return app


@cache
def process_app() -> FastAPI:
    """The app of this process, from its environment."""
    settings = process_settings()
    return create_app(
        settings,
        RedisStore.from_settings(settings),
        artifacts_at(settings.artifact_root),
        keys=RedisKeys.from_settings(settings),
    )


def __getattr__(name: str) -> Any:
    """`app` is made when a server asks for it, so that importing this module touches nothing."""
    if name == "app":
        return process_app()
    raise AttributeError(name)
