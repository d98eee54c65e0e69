"""API keys: made once, shown once, stored as a hash.

A key reads `arc_<short>_<secret>`. The short part finds the record and may be logged; the secret
part has 192 random bits, so a plain SHA-256 is enough to store it.
"""

import hashlib
import hmac
import re
import secrets
import sys
import time
from collections.abc import Callable
from datetime import datetime
from typing import Protocol, Self

import redis
from pydantic import Field
from redis.asyncio import Redis as AsyncRedis

from arclight.contracts.base import Frozen
from arclight.contracts.job import utc
from arclight.runtime.settings import Settings
from arclight.runtime.store.time import Clock

KEY = re.compile(r"arc_(?P<short>[0-9a-f]{8})_(?P<secret>[0-9a-f]{32,128})")
_SHORT_BYTES, _SECRET_BYTES = 4, 24

_ADD_FIRST = """
if redis.call("EXISTS", KEYS[1]) == 1 then return 0 end
return redis.call("HSET", KEYS[1], ARGV[1], ARGV[2])
"""
"""Two starts at once must not make two first keys."""


class KeyRecord(Frozen):
    """What is kept of a key."""

    short: str = Field(pattern=r"^[0-9a-f]{8}$", description="The key's public part.")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    name: str
    created_at: datetime
    expires_at: datetime | None = None

    def fits(self, plain: str, now: datetime) -> bool:
        """True when `plain` is this key and has not expired. Takes the same time either way."""
        same = hmac.compare_digest(self.sha256, hash_key(plain))
        return same and (self.expires_at is None or now < self.expires_at)


class KeyStore(Protocol):
    """Where the records lie."""

    async def find(self, short: str) -> KeyRecord | None: ...

    async def add(self, record: KeyRecord) -> None: ...

    async def any(self) -> bool:
        """True when at least one key exists."""
        ...

    async def close(self) -> None: ...


class MemoryKeys:
    """For tests, and for a deployment whose keys all come from its settings."""

    def __init__(self, *records: KeyRecord) -> None:
        self._records = {r.short: r for r in records}

    async def find(self, short: str) -> KeyRecord | None:
        return self._records.get(short)

    async def add(self, record: KeyRecord) -> None:
        self._records[record.short] = record

    async def any(self) -> bool:
        return bool(self._records)

    async def close(self) -> None:
        """Nothing is held."""


class RedisKeys:
    """One hash: short part → record."""

    def __init__(self, client: AsyncRedis, namespace: str) -> None:
        self._redis = client
        self._hash = f"{namespace}:keys"

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Connects lazily, to `settings.redis_url`."""
        client = AsyncRedis.from_url(
            settings.redis_url, decode_responses=True, socket_connect_timeout=5
        )
        return cls(client, settings.namespace)

    async def find(self, short: str) -> KeyRecord | None:
        raw = await self._redis.hget(self._hash, short)
        return KeyRecord.model_validate_json(raw) if raw is not None else None

    async def add(self, record: KeyRecord) -> None:
        await self._redis.hset(self._hash, record.short, record.model_dump_json())

    async def any(self) -> bool:
        return bool(await self._redis.exists(self._hash))

    async def close(self) -> None:
        await self._redis.aclose()


def hash_key(plain: str) -> str:
    """SHA-256 of the whole key, in hex."""
    return hashlib.sha256(plain.encode()).hexdigest()


def short_of(plain: str) -> str | None:
    """The public part, or None when `plain` does not read like a key."""
    match = KEY.fullmatch(plain)
    return match["short"] if match else None


def new_key(
    name: str,
    now: datetime,
    *,
    expires_at: datetime | None = None,
    random_hex: Callable[[int], str] = secrets.token_hex,
) -> tuple[str, KeyRecord]:
    """A new key in plain text, to be shown once, and the record to keep."""
    short = random_hex(_SHORT_BYTES)
    plain = f"arc_{short}_{random_hex(_SECRET_BYTES)}"
    record = KeyRecord(
        short=short, sha256=hash_key(plain), name=name, created_at=now, expires_at=expires_at
    )
    return plain, record


def configured_keys(settings: Settings, now: datetime) -> tuple[KeyRecord, ...]:
    """The records of `settings.api_keys`. Raises ValueError for a key of another form."""
    return tuple(_configured(k.strip(), now) for k in settings.api_keys.split(",") if k.strip())


def _configured(plain: str, now: datetime) -> KeyRecord:
    short = short_of(plain)
    if short is None:
        raise ValueError(
            "ARCLIGHT_API_KEYS holds something that is not a key: a key reads"
            " arc_<8 hex digits>_<at least 32 hex digits>. Make one with: python -c"
            " \"import secrets as s; print(f'arc_{s.token_hex(4)}_{s.token_hex(24)}')\""
        )
    return KeyRecord(short=short, sha256=hash_key(plain), name="configured", created_at=now)


def ensure_first_key(settings: Settings, clock: Clock = time.time) -> str | None:
    """Make the first key of an installation; None when it has one already.

    The plain text is returned this one time and kept nowhere. Needs the store to be up.
    """
    now = utc(clock())
    if configured_keys(settings, now):
        return None
    plain, record = new_key("first", now)
    with _client(settings) as client:
        made = client.eval(_ADD_FIRST, 1, _hash(settings), record.short, record.model_dump_json())
    return plain if made else None


def add_key(settings: Settings, name: str, clock: Clock = time.time) -> str:
    """Make one more key in the store and return its plain text."""
    plain, record = new_key(name, utc(clock()))
    with _client(settings) as client:
        client.hset(_hash(settings), record.short, record.model_dump_json())
    return plain


def _client(settings: Settings) -> redis.Redis:
    return redis.Redis.from_url(settings.redis_url, decode_responses=True, socket_connect_timeout=5)


def _hash(settings: Settings) -> str:
    return f"{settings.namespace}:keys"


def main() -> None:
    """`python -m arclight.runtime.keys NAME` makes one more key and writes it to stdout."""
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit("usage: python -m arclight.runtime.keys NAME   (who the new key is for)")
    sys.stdout.write(add_key(Settings(), sys.argv[1]) + "\n")


if __name__ == "__main__":
    main()
