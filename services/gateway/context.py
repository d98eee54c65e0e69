"""What every handler needs: made once, found through the request's scope."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from starlette.types import Scope

from arclight.catalog.upload import UploadCatalog
from arclight.runtime.artifacts import Artifacts
from arclight.runtime.settings import Settings
from arclight.runtime.store.port import JobStore
from services.gateway.ids import Ids


@dataclass(frozen=True)
class Gateway:
    """The gateway's collaborators."""

    settings: Settings
    store: JobStore
    artifacts: Artifacts
    catalog: UploadCatalog
    now: Callable[[], datetime]
    ids: Ids
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the server begins to stop: streams and long polls end."""

    @property
    def base_url(self) -> str:
        """How others reach this gateway, without a slash at the end."""
        own = f"http://{self.settings.host}:{self.settings.port}"
        return (self.settings.public_url or own).rstrip("/")


def gateway_of(scope: Scope) -> Gateway:
    """The gateway that serves this request."""
    gateway = scope["app"].state.gateway
    assert isinstance(gateway, Gateway)
    return gateway


def caller_of(scope: Scope) -> str:
    """Who asks: set by the authentication."""
    return str(scope["state"]["caller"])
