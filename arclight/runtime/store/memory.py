"""The JobStore in memory: for tests, and the reference that the Redis adapter is held against."""

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from arclight.contracts.events import Event, JobFinished, Message
from arclight.contracts.failure import Fenced, IllegalTransition, JobNotFound
from arclight.contracts.job import RETENTION, Job, utc
from arclight.contracts.names import JobState, Queue
from arclight.contracts.progress import Progress
from arclight.runtime.settings import Settings
from arclight.runtime.store.commit import Commit, Row, claim_of, commit_of
from arclight.runtime.store.paging import decode_token, encode_token
from arclight.runtime.store.port import Claim, IdempotencyConflict, LogLine, Page, StreamItem
from arclight.runtime.store.streams import Cursor, merge
from arclight.runtime.store.time import Clock


@dataclass
class _Outgoing:
    row: Row
    seq: int
    due: float
    sent: bool
    tries: int = 0


@dataclass
class _Stored:
    job: Job
    events: list[tuple[str, Event]] = field(default_factory=list)
    log: list[tuple[str, LogLine]] = field(default_factory=list)
    progress: Progress | None = None


class MemoryStore:
    """See JobStore. `queues` shows what was sent, newest first, as messages (None: a canary)."""

    def __init__(self, settings: Settings | None = None, clock: Clock = time.time) -> None:
        self._settings = settings or Settings()
        self._clock = clock
        self._stored: dict[str, _Stored] = {}
        self._leases: dict[str, float] = {}
        self._outbox: dict[str, _Outgoing] = {}
        self._claimed: dict[Queue, int] = defaultdict(int)
        self._idempotency: dict[str, tuple[str, str]] = {}
        self._sessions: dict[str, str] = {}
        self._echoes: dict[Queue, float] = {}
        self._seq = 0
        self._changed = asyncio.Condition()
        self.queues: dict[Queue, deque[Message | None]] = {q: deque() for q in Queue}

    async def submit(
        self,
        event: Event,
        *,
        idempotency: tuple[str, str] | None = None,
        session: str | None = None,
    ) -> Job:
        if idempotency:
            key, fingerprint = idempotency
            known = self._idempotency.setdefault(key, (fingerprint, event.job_id))
            if known[0] != fingerprint:
                raise IdempotencyConflict
            if known[1] in self._stored:
                return await self.get(known[1])
        await self._write(commit_of(None, [event]))
        if session:
            self._sessions[session] = event.job_id
        return await self.get(event.job_id)

    async def append(
        self, *events: Event, if_expired: bool = False, known: Job | None = None
    ) -> Job:
        job = await self.get(events[0].job_id)
        commit = commit_of(job, events)
        if if_expired and self._leases.get(job.id, 0) > self._clock():
            raise Fenced(f"the lease of {job.id} is alive")
        await self._write(commit)
        return commit.job

    async def claim(self, message: Message, worker: str) -> Claim | None:
        try:
            job = await self.get(message.job_id)
            commit = claim_of(job, message, worker, utc(self._clock()))
        except (JobNotFound, Fenced, IllegalTransition):
            return None
        await self._write(commit)
        return Claim(message=message, job=commit.job, fence=commit.job.fence)

    async def beat(self, claim: Claim) -> bool:
        stored = self._stored.get(claim.job.id)
        if stored is None or stored.job.version != claim.job.version:
            return False
        self._leases[claim.job.id] = self._clock() + self._settings.lease.total_seconds()
        return True

    async def get(self, job_id: str) -> Job:
        if job_id not in self._stored:
            raise JobNotFound(job_id)
        return self._stored[job_id].job

    async def newest(self, session: str) -> str | None:
        return self._sessions.get(session)

    async def list(
        self, *, page_size: int = 50, page_token: str | None = None, state: JobState | None = None
    ) -> Page:
        last = decode_token(page_token) if page_token else None
        ids = sorted(
            (i for i, s in self._stored.items() if state is None or s.job.state is state),
            reverse=True,
        )
        ids = [i for i in ids if last is None or i < last]
        page = ids[:page_size]
        more = len(ids) > page_size
        return Page([self._stored[i].job for i in page], encode_token(page[-1]) if more else None)

    async def wait(self, job_id: str, version: int, timeout: timedelta) -> Job:
        job = await self.get(job_id)
        if job.version > version or job.state.terminal:
            return job
        try:
            async with asyncio.timeout(timeout.total_seconds()), self._changed:
                await self._changed.wait_for(lambda: self._stored[job_id].job.version > version)
        except TimeoutError:
            pass
        return await self.get(job_id)

    async def log(self, job_id: str, lines: Sequence[LogLine]) -> None:
        log = self._stored[job_id].log
        stamp = int(self._clock() * 1000)
        log.extend((f"{stamp}-{len(log) + n}", line) for n, line in enumerate(lines))
        await self._notify()

    async def progress(self, claim: Claim, progress: Progress) -> None:
        stored = self._stored.get(claim.job.id)
        if stored is not None and stored.job.version == claim.job.version:
            stored.progress = progress
            await self._notify()

    async def latest(self, job_id: str) -> Progress | None:
        stored = self._stored.get(job_id)
        return stored.progress if stored else None

    async def stream(
        self, job_id: str, after: str | None = None, *, follow: bool = False
    ) -> AsyncIterator[StreamItem | None]:
        await self.get(job_id)
        cursor, told = Cursor.parse(after), None
        while True:
            stored = self._stored[job_id]
            events = [e for e in stored.events if _after(e[0], cursor.events)]
            lines = [e for e in stored.log if _after(e[0], cursor.log)]
            ended = False
            for item in merge(cursor, events, lines):
                cursor = Cursor.parse(item.id)
                ended = ended or isinstance(item.event, JobFinished)
                yield item
            progress = stored.progress if follow and not ended else None
            fresh = progress is not None and progress is not told
            if fresh:
                told = progress
                yield StreamItem(id=str(cursor), progress=progress)
            if events or lines or fresh:
                follow = follow and not ended
                continue
            if not follow or stored.job.state.terminal:
                return
            yield None
            await self._next_change()

    async def expired(self) -> Sequence[str]:
        return [i for i, expiry in self._leases.items() if expiry <= self._clock()]

    async def overdue(self) -> Sequence[str]:
        now = utc(self._clock())
        return [
            i for i, s in self._stored.items() if s.job.deadline <= now and not s.job.state.terminal
        ]

    async def resend(self) -> int:
        now, sent = self._clock(), 0
        after = self._settings.resend_after.total_seconds()
        for out in [o for o in self._outbox.values() if o.due <= now]:
            queue = self.queues[out.row.queue]
            lost = not queue or out.seq < self._claimed[out.row.queue]
            if not out.sent or lost:
                queue.appendleft(out.row.message)
                out.tries += out.sent
                out.sent = True
                sent += 1
            out.due = now + min(60.0, after * 2**out.tries)
        return sent

    async def trim(self) -> None:
        before = utc(self._clock()) - RETENTION
        jobs = [s.job for s in self._stored.values() if s.job.state.terminal]
        for job in [j for j in jobs if j.updated_at < before]:
            del self._stored[job.id]

    async def canary(self, queue: Queue, patience: timedelta) -> bool:
        since = self._clock()
        self.queues[queue].appendleft(None)
        try:
            async with asyncio.timeout(patience.total_seconds()), self._changed:
                await self._changed.wait_for(lambda: self._echoes.get(queue, 0) >= since)
        except TimeoutError:
            return False
        return True

    async def echo(self, queue: Queue) -> None:
        self._echoes[queue] = self._clock()
        await self._notify()

    async def close(self) -> None:
        """Nothing is held."""

    async def _write(self, commit: Commit) -> None:
        job = commit.job
        stored = self._stored.setdefault(job.id, _Stored(job))
        stored.job, stored.progress = job, None
        for offset, event in enumerate(commit.events, start=commit.before + 1):
            stored.events.append((f"{offset}-0", event))
        if commit.claims:
            self._leases[job.id] = self._clock() + self._settings.lease.total_seconds()
        else:
            self._leases.pop(job.id, None)
        if commit.drop and (gone := self._outbox.pop(commit.drop, None)) and commit.claims:
            queue = gone.row.queue
            self._claimed[queue] = max(self._claimed[queue], gone.seq)
        if commit.add:
            self._send(commit.add)
        await self._notify()

    def _send(self, row: Row) -> None:
        self._seq += 1
        delay = row.delay.total_seconds()
        wait = delay if delay > 0 else self._settings.resend_after.total_seconds()
        self._outbox[row.key] = _Outgoing(row, self._seq, self._clock() + wait, delay <= 0)
        if delay <= 0:
            self.queues[row.queue].appendleft(row.message)

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _next_change(self) -> None:
        try:
            async with asyncio.timeout(1), self._changed:
                await self._changed.wait()
        except TimeoutError:
            pass


def _after(entry_id: str, cursor: str) -> bool:
    return _numbers(entry_id) > _numbers(cursor)


def _numbers(stream_id: str) -> tuple[int, int]:
    milliseconds, _, seq = stream_id.partition("-")
    return int(milliseconds), int(seq)
