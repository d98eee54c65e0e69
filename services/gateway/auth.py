"""API keys at the door: every address but the open ones needs one."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from arclight.runtime.keys import KeyRecord, KeyStore, short_of
from services.gateway.problems import ProblemError

OPEN = frozenset({"/health", "/ready", "/docs", "/openapi.json", "/problems"})
OPEN_BELOW = "/problems/"

KNOWN_FOR = 10.0
"""Seconds for which a key that was found is not looked up again: without this, each request would
cost a second round trip to the store; a key that was taken away works at most so long."""


class Keyring:
    """The keys of the settings, then those of the store, remembered for a moment."""

    def __init__(
        self,
        store: KeyStore,
        configured: tuple[KeyRecord, ...],
        now: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._configured: Mapping[str, KeyRecord] = {r.short: r for r in configured}
        self._now = now
        self._monotonic = monotonic
        self._known: dict[str, tuple[KeyRecord, float]] = {}

    async def caller(self, plain: str) -> str | None:
        """Who this key belongs to; None when it is unknown or has expired."""
        short = short_of(plain)
        record = await self._find(short) if short else None
        if record is None or not record.fits(plain, self._now()):
            return None
        return f"key:{record.short}"

    async def close(self) -> None:
        await self._store.close()

    async def _find(self, short: str) -> KeyRecord | None:
        if short in self._configured:
            return self._configured[short]
        record, until = self._known.get(short, (None, 0.0))
        if record is not None and self._monotonic() < until:
            return record
        record = await self._store.find(short)
        if record is None:
            self._known.pop(short, None)
        else:
            self._known[short] = (record, self._monotonic() + KNOWN_FOR)
        return record


class Authentication:
    """Sets `caller` in the request's state, or raises the problem UNAUTHORIZED."""

    def __init__(self, app: ASGIApp, keyring: Keyring) -> None:
        self._app = app
        self._keyring = keyring

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _is_open(scope["path"]):
            scope.setdefault("state", {})["caller"] = await self._caller(Headers(scope=scope))
        await self._app(scope, receive, send)

    async def _caller(self, headers: Headers) -> str:
        plain = _key_in(headers)
        if plain is None:
            raise _unauthorized("The request carries no API key.")
        caller = await self._keyring.caller(plain)
        if caller is None:
            raise _unauthorized("The API key is unknown or has expired.", ', error="invalid_token"')
        return caller


def _is_open(path: str) -> bool:
    return path in OPEN or path.startswith(OPEN_BELOW)


def _key_in(headers: Headers) -> str | None:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    return headers.get("x-api-key")


def _unauthorized(detail: str, error: str = "") -> ProblemError:
    challenge = f'Bearer realm="arclight"{error}'
    return ProblemError("UNAUTHORIZED", detail, headers={"WWW-Authenticate": challenge})
