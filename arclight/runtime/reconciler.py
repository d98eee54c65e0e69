"""The reconciler: what a lost worker, a lost message or a passed deadline leaves behind is mended.

Idempotent, so any number of replicas may run: every mend is a commit that only one can win.
"""

import asyncio
import signal
import time
from collections.abc import Callable
from datetime import datetime

from redis.exceptions import RedisError

from arclight.contracts.events import Event
from arclight.contracts.failure import Fenced, IllegalTransition, JobNotFound
from arclight.contracts.job import Job, utc
from arclight.contracts.outcome import after_failure, deadline_passed, stopped, worker_lost
from arclight.runtime.alive import sign
from arclight.runtime.services import RECONCILER
from arclight.runtime.settings import Settings, settings
from arclight.runtime.store.port import JobStore
from arclight.runtime.store.redis import RedisStore
from arclight.runtime.telemetry import configure, logger

log = logger()
TRIM_EVERY = 600
"""Ticks between two trims of the index: ten minutes at the default pace."""


class Reconciler:
    """One pass is `tick`; `run` repeats it until `stop`."""

    def __init__(
        self,
        store: JobStore,
        config: Settings,
        now: Callable[[], datetime] = lambda: utc(time.time()),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._settings = config
        self._now = now
        self._monotonic = monotonic
        # A lease may have run out because the store was away, not its worker: whoever lives gets
        # the time of a heartbeat to renew it.
        self._judge_from = monotonic() + config.heartbeat.total_seconds()

    async def tick(self) -> None:
        """Re-send lost and due messages, take over silent steps, end overdue jobs."""
        await self._store.resend()
        if self._monotonic() >= self._judge_from:
            for job_id in await self._store.expired():
                await self._mend(job_id, self._take_over, if_expired=True)
        for job_id in await self._store.overdue():
            await self._mend(job_id, self._end)

    async def run(self, stop: asyncio.Event) -> None:
        """Ticks until `stop` is set, through outages of the store."""
        ticks = 0
        while not stop.is_set():
            sign(self._settings, RECONCILER)
            try:
                await self.tick()
                if ticks % TRIM_EVERY == 0:
                    await self._store.trim()
                ticks += 1
            except RedisError as error:
                self._judge_from = self._monotonic() + self._settings.heartbeat.total_seconds()
                log.warning("store out of reach", error=str(error))
            try:
                async with asyncio.timeout(self._settings.reconcile_every.total_seconds()):
                    await stop.wait()
            except TimeoutError:
                continue

    async def _mend(
        self, job_id: str, mend: Callable[[Job], Event | None], *, if_expired: bool = False
    ) -> None:
        try:
            event = mend(await self._store.get(job_id))
            if event is not None:
                await self._store.append(event, if_expired=if_expired)
                log.info("mended", job_id=job_id, event_type=event.type)
        except (Fenced, IllegalTransition, JobNotFound) as other:
            log.info("mended by another", job_id=job_id, reason=str(other))

    def _take_over(self, job: Job) -> Event | None:
        if job.lease is None:
            return None
        return after_failure(job, worker_lost(job), fence=job.lease.fence, at=self._now())

    def _end(self, job: Job) -> Event | None:
        if job.state.terminal:
            return None
        return stopped(job, deadline_passed(job), at=self._now())


async def _main() -> None:
    config = settings()
    configure(config, RECONCILER)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    store = RedisStore.from_settings(config)
    log.info("reconciler started")
    try:
        await Reconciler(store, config).run(stop)
    finally:
        await store.close()


if __name__ == "__main__":
    asyncio.run(_main())
