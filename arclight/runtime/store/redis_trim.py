"""Records expire on their own; this takes them out of the indexes."""

from collections.abc import Callable, Sequence
from typing import Any

from arclight.contracts.names import JobState

_BATCH = 200


async def trim(redis: Any, key: Callable[..., str], limit: str) -> None:
    """Forget those ids below `limit` whose records are gone.

    An id tells when a job began, not when it ended: one that waited for an approval for weeks is
    kept as long after its end as any other, so each old id is looked up.
    """
    start = "-"
    while ids := await redis.zrange(
        key("jobs"), start, f"({limit}", bylex=True, offset=0, num=_BATCH
    ):
        if gone := await _gone(redis, key, ids):
            await _forget(redis, key, gone)
        start = f"({ids[-1]}"


async def _gone(redis: Any, key: Callable[..., str], ids: Sequence[str]) -> Sequence[str]:
    async with redis.pipeline(transaction=False) as pipe:
        for job_id in ids:
            pipe.exists(key("job", job_id))
        there = await pipe.execute()
    return [job_id for job_id, kept in zip(ids, there, strict=True) if not kept]


async def _forget(redis: Any, key: Callable[..., str], ids: Sequence[str]) -> None:
    async with redis.pipeline(transaction=False) as pipe:
        for name in ("jobs", *(f"jobs:{s}" for s in JobState if s.terminal)):
            pipe.zrem(key(name), *ids)
        await pipe.execute()
