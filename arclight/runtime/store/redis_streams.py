"""A job's log, progress and events in Redis streams: written apart, read as one."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

from arclight.contracts.events import EVENT, Event, JobFinished
from arclight.contracts.job import RETENTION, Job
from arclight.contracts.names import LogStream
from arclight.contracts.progress import Progress
from arclight.runtime.store.port import LogLine, StreamItem
from arclight.runtime.store.streams import Cursor, merge

LOG_LINES = 5_000
"""Lines kept per job: about 1 MB of log at the usual 200 characters."""
PROGRESS_KEPT = timedelta(days=1)
"""The longest job; every commit of the job removes its progress anyway."""
_BLOCK_MS = 1000
"""The caller is given the chance to ping or leave about every second."""


class JobStreams:
    """Reads and writes the streams of the job that a call names."""

    def __init__(self, redis: Any, key: Callable[..., str]) -> None:
        self._redis = redis
        self._key = key

    async def log(self, job_id: str, lines: Sequence[LogLine]) -> None:
        key = self._key("job", job_id, "log")
        async with self._redis.pipeline(transaction=False) as pipe:
            for line in lines:
                entry = {"line": line.text, "stream": line.stream}
                pipe.xadd(key, entry, maxlen=LOG_LINES, approximate=True)
            # Outlives any job, so that a log without a job never stays for ever.
            pipe.expire(key, RETENTION * 2)
            await pipe.execute()

    async def latest(self, job_id: str) -> Progress | None:
        found = await self._redis.xrevrange(self._key("job", job_id, "progress"), count=1)
        return _progress(found[0]) if found else None

    async def read(
        self, after: str | None, follow: bool, job_id: str, get: Callable[[str], Awaitable[Job]]
    ) -> AsyncIterator[StreamItem | None]:
        """See JobStore.stream."""
        await get(job_id)
        cursor, newest = Cursor.parse(after), "0-0"
        names = ("events", "log", "progress") if follow else ("events", "log")
        keys = {name: self._key("job", job_id, name) for name in names}
        while True:
            places = dict(zip(names, (cursor.events, cursor.log, newest), strict=False))
            found: Any = await self._redis.xread(
                {keys[name]: place for name, place in places.items()},
                count=500,
                block=_BLOCK_MS if follow else None,
            )
            entries = dict(found or {})
            events, lines = _events(entries, keys["events"]), _lines(entries, keys["log"])
            ended = False
            for item in merge(cursor, events, lines):
                cursor = Cursor.parse(item.id)
                ended = ended or isinstance(item.event, JobFinished)
                yield item
            if follow and not ended and (told := _of(entries, keys["progress"])):
                newest = told[-1][0]
                yield StreamItem(id=str(cursor), progress=_progress(told[-1]))
            if not entries:
                if not follow or (await get(job_id)).state.terminal:
                    return
                yield None
            elif ended and follow:
                follow, names = False, ("events", "log")


def _events(entries: dict[str, Any], key: str) -> list[tuple[str, Event]]:
    return [(i, EVENT.validate_json(f["event"])) for i, f in _of(entries, key)]


def _lines(entries: dict[str, Any], key: str) -> list[tuple[str, LogLine]]:
    return [(i, LogLine(f["line"], _stream(f.get("stream")))) for i, f in _of(entries, key)]


def _stream(name: str | None) -> LogStream:
    """Entries that were written before streams had names carry none; a later version's name
    costs no line either."""
    return LogStream(name) if name in list(LogStream) else LogStream.SYSTEM


def _progress(entry: tuple[str, dict[str, str]]) -> Progress:
    return Progress.model_validate_json(entry[1]["progress"])


def _of(entries: dict[str, Any], key: str) -> list[tuple[str, dict[str, str]]]:
    found = entries.get(key, [])
    # RESP3 answers nest the entries once more than RESP2.
    return found[0] if found and isinstance(found[0], list) else found
