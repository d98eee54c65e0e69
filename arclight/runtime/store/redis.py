"""The JobStore on Redis or Valkey: one primary, every write one Lua call."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError

from arclight.contracts.events import Event, Message
from arclight.contracts.failure import Fenced, IllegalTransition, JobNotFound
from arclight.contracts.job import RETENTION, Job, utc
from arclight.contracts.names import JobState, Queue
from arclight.contracts.progress import Progress
from arclight.runtime.broker import Encode, encoder, make_app
from arclight.runtime.settings import Settings
from arclight.runtime.store.commit import Commit, claim_of, commit_of
from arclight.runtime.store.paging import certainly_kept, decode_token, encode_token
from arclight.runtime.store.port import Claim, IdempotencyConflict, LogLine, Page, StreamItem
from arclight.runtime.store.redis_streams import PROGRESS_KEPT, JobStreams
from arclight.runtime.store.redis_trim import trim
from arclight.runtime.store.time import Clock

_HERE = Path(__file__).parent
IDEMPOTENCY_KEPT = timedelta(hours=48)
"""Twice the day that clients may rely on."""
_BATCH = 200
"""Entries that one reconciler pass takes from each index."""
_CANARY_FRESH = timedelta(seconds=10)
_TRIES = 20
"""Version conflicts in a row before giving up: two writers alternate, they never starve."""


class RedisStore:
    """See JobStore. `clock` is for tests; without it the server's clock counts."""

    def __init__(
        self, redis: Redis, settings: Settings, encode: Encode, clock: Clock | None = None
    ) -> None:
        # redis-py types every answer as a union over options that are fixed here.
        self._redis: Any = redis
        self._settings = settings
        self._encode = encode
        self._clock = clock
        self._wall = clock or time.time
        self._prefix = f"{settings.namespace}:"
        self._commit = redis.register_script((_HERE / "commit.lua").read_text())
        self._resend = redis.register_script((_HERE / "resend.lua").read_text())
        self._beat = redis.register_script((_HERE / "beat.lua").read_text())
        self._progress = redis.register_script((_HERE / "progress.lua").read_text())
        self._streams = JobStreams(redis, self._key)

    @classmethod
    def from_settings(cls, settings: Settings, clock: Clock | None = None) -> Self:
        """Connects lazily, to `settings.redis_url`."""
        pool = ConnectionPool.from_url(
            settings.redis_url,
            # A follower of a job blocks one connection for as long as it follows.
            max_connections=1024,
            decode_responses=True,
            socket_connect_timeout=5,
            # Readers block for up to 30 s, and a paused server is not a lost one: keepalive finds
            # a peer that is gone.
            socket_timeout=None,
            socket_keepalive=True,
            health_check_interval=10,
            # A dropped idle connection is not an outage: one retry at once, then a short one.
            retry=Retry(ExponentialBackoff(cap=1.0, base=0.05), 2),
            retry_on_error=[RedisConnectionError],
        )
        return cls(Redis(connection_pool=pool), settings, encoder(make_app(settings)), clock)

    async def submit(
        self,
        event: Event,
        *,
        idempotency: tuple[str, str] | None = None,
        session: str | None = None,
    ) -> Job:
        commit = commit_of(None, [event])
        answer = await self._write(commit, idempotency=idempotency, session=session)
        match answer:
            case ["ok"]:
                return commit.job
            case ["same", job_id]:
                return await self.get(job_id)
            case ["other"]:
                raise IdempotencyConflict
        # The id is ours alone: a conflict means that the write went through and its reply was lost.
        return await self.get(commit.job.id)

    async def append(
        self, *events: Event, if_expired: bool = False, known: Job | None = None
    ) -> Job:
        commit: Commit | None = None
        for _ in range(_TRIES):
            job = known or await self.get(events[0].job_id)
            known = None
            if commit and job == commit.job:
                return job  # Written before, and the reply was lost.
            commit = commit_of(job, events)
            answer = await self._write(commit, if_expired=if_expired)
            if answer == ["ok"]:
                return commit.job
            if answer == ["alive"]:
                raise Fenced(f"the lease of {commit.job.id} is alive")
        raise RuntimeError(f"{_TRIES} version conflicts in a row on {events[0].job_id}")

    async def claim(self, message: Message, worker: str) -> Claim | None:
        try:
            job = await self.get(message.job_id)
            commit = claim_of(job, message, worker, utc(self._wall()))
        except (JobNotFound, Fenced, IllegalTransition):
            return None
        if await self._write(commit) != ["ok"] and await self.get(job.id) != commit.job:
            return await self.claim(message, worker)
        return Claim(message=message, job=commit.job, fence=commit.job.fence)

    async def beat(self, claim: Claim) -> bool:
        lease = self._settings.lease.total_seconds()
        args: Any = [claim.job.id, claim.job.version, lease, self._fixed_now()]
        return bool(await self._beat(keys=[self._prefix], args=args))

    async def get(self, job_id: str) -> Job:
        doc = await self._redis.hget(self._key("job", job_id), "doc")
        if doc is None:
            raise JobNotFound(job_id)
        return Job.model_validate_json(doc)

    async def newest(self, session: str) -> str | None:
        found: str | None = await self._redis.get(self._key("session", session))
        return found

    async def list(
        self, *, page_size: int = 50, page_token: str | None = None, state: JobState | None = None
    ) -> Page:
        index = self._key("jobs", state) if state else self._key("jobs")
        start = f"({decode_token(page_token)}" if page_token else "+"
        ids = await self._redis.zrange(
            index, start, "-", desc=True, bylex=True, offset=0, num=page_size + 1
        )
        async with self._redis.pipeline(transaction=False) as pipe:
            for job_id in ids[:page_size]:
                pipe.hget(self._key("job", job_id), "doc")
            docs = await pipe.execute()
        jobs = [Job.model_validate_json(doc) for doc in docs if doc is not None]
        more = len(ids) > page_size
        return Page(jobs, encode_token(ids[page_size - 1]) if more else None)

    async def wait(self, job_id: str, version: int, timeout: timedelta) -> Job:
        job = await self.get(job_id)
        if job.version > version or job.state.terminal:
            return job
        block = max(1, int(timeout.total_seconds() * 1000))
        await self._redis.xread(
            {self._key("job", job_id, "events"): f"{version}-0"}, count=1, block=block
        )
        return await self.get(job_id)

    async def log(self, job_id: str, lines: Sequence[LogLine]) -> None:
        await self._streams.log(job_id, lines)

    async def progress(self, claim: Claim, progress: Progress) -> None:
        kept = int(PROGRESS_KEPT.total_seconds())
        doc = progress.model_dump_json(exclude_none=True)
        args: Any = [claim.job.id, claim.job.version, doc, kept]
        await self._progress(keys=[self._prefix], args=args)

    async def latest(self, job_id: str) -> Progress | None:
        return await self._streams.latest(job_id)

    def stream(
        self, job_id: str, after: str | None = None, *, follow: bool = False
    ) -> AsyncIterator[StreamItem | None]:
        return self._streams.read(after, follow, job_id, self.get)

    async def expired(self) -> Sequence[str]:
        return await self._due("leases")

    async def overdue(self) -> Sequence[str]:
        return await self._due("deadlines")

    async def resend(self) -> int:
        after = self._settings.resend_after.total_seconds()
        args: Any = [self._fixed_now(), after, _BATCH]
        return int(await self._resend(keys=[self._prefix], args=args))

    async def trim(self) -> None:
        await trim(self._redis, self._key, certainly_kept(utc(await self._now())))

    async def canary(self, queue: Queue, patience: timedelta) -> bool:
        key = self._key("canary", queue)
        since = await self._now()
        if await self._echoed(key) > since - _CANARY_FRESH.total_seconds():
            return True
        if await self._redis.set(f"{key}:out", 1, nx=True, ex=30):
            await self._redis.lpush(self._key(queue), self._encode(queue, None))
        while await self._echoed(key) < since:
            if await self._now() - since > patience.total_seconds():
                return False
            await asyncio.sleep(0.02)
        return True

    async def echo(self, queue: Queue) -> None:
        key = self._key("canary", queue)
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.set(f"{key}:echo", await self._now(), ex=60)
            pipe.delete(f"{key}:out")
            await pipe.execute()

    async def _echoed(self, key: str) -> float:
        return float(await self._redis.get(f"{key}:echo") or 0)

    async def close(self) -> None:
        await self._redis.aclose()
        await self._redis.connection_pool.disconnect()

    async def _write(
        self,
        commit: Commit,
        *,
        if_expired: bool = False,
        idempotency: tuple[str, str] | None = None,
        session: str | None = None,
    ) -> Sequence[str]:
        settings, add = self._settings, commit.add
        change: dict[str, Any] = {
            "id": commit.job.id,
            "before": commit.before,
            "version": commit.job.version,
            "state": commit.job.state,
            "state_before": commit.state_before,
            "ends": commit.ends,
            "claims": commit.claims,
            "lease_s": settings.lease.total_seconds(),
            "if_expired": if_expired,
            "drop": commit.drop,
            "resend_s": settings.resend_after.total_seconds(),
            "deadline": commit.job.deadline.timestamp(),
            "keep_s": int(RETENTION.total_seconds()),
            "now": self._clock() if self._clock else None,
            "session": session,
        }
        if add:
            change["add"] = {
                "key": add.key,
                "queue": add.queue,
                "delay_s": add.delay.total_seconds(),
                "payload": self._encode(add.queue, add.message),
            }
        if idempotency:
            key, fingerprint = idempotency
            keep = int(IDEMPOTENCY_KEPT.total_seconds())
            change["idem"] = {"key": key, "fingerprint": fingerprint, "keep_s": keep}
        doc = commit.job.model_dump_json()
        events = [e.model_dump_json() for e in commit.events]
        args = [json.dumps(change), doc, *events]
        return list(await self._commit(keys=[self._prefix], args=args))

    async def _due(self, name: str) -> Sequence[str]:
        found: Sequence[str] = await self._redis.zrangebyscore(
            self._key(name), "-inf", await self._now(), 0, _BATCH
        )
        return found

    async def _now(self) -> float:
        if self._clock:
            return self._clock()
        seconds, micros = await self._redis.time()
        return float(seconds) + float(micros) / 1e6

    def _fixed_now(self) -> float | str:
        return self._clock() if self._clock else ""

    def _key(self, *parts: str) -> str:
        return self._prefix + ":".join(parts)
