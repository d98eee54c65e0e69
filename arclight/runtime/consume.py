"""The consumer: claim, heartbeat, run the step, commit. One for every worker service.

The Celery task is a shell around `Consumer.handle`: whatever Celery does (delivers twice, delivers
late, loses the process) the claim decides, and an outdated consumer's write is refused.
"""

import asyncio
import os
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog
import uvloop
from celery import Celery
from redis.exceptions import RedisError

from arclight.contracts.events import Event, Message
from arclight.contracts.failure import (
    Failure,
    FailureKind,
    Fenced,
    IllegalTransition,
    JobNotFound,
    StepFailed,
)
from arclight.contracts.flow import TASK_OF
from arclight.contracts.job import Job, utc
from arclight.contracts.names import Queue
from arclight.contracts.outcome import after_failure
from arclight.runtime.alive import sign
from arclight.runtime.artifacts import Artifacts, artifacts_at
from arclight.runtime.broker import make_app
from arclight.runtime.joblog import JobLog, JobProgress
from arclight.runtime.settings import Settings, settings
from arclight.runtime.store.port import Claim, JobStore
from arclight.runtime.store.redis import RedisStore
from arclight.runtime.telemetry import logger
from arclight.runtime.work import StepFunction, Work

log = logger()
T = TypeVar("T")


STOP_WITHIN = timedelta(seconds=30)
"""An engine is stopped within 5 s of a cancel; a step that needs six times that hangs."""
TELL_EVERY = timedelta(seconds=0.25)
"""Lines and progress on their way to people: often enough to look live, rare enough to cost
nothing beside a program."""


class Consumer:
    """Handles the messages of one queue."""

    def __init__(
        self,
        queue: Queue,
        step: StepFunction,
        store: JobStore,
        artifacts: Artifacts,
        config: Settings,
        *,
        worker: str,
        now: Callable[[], datetime] = lambda: utc(time.time()),
        end_process: Callable[[], object] = lambda: os._exit(os.EX_SOFTWARE),
        stop_within: timedelta = STOP_WITHIN,
    ) -> None:
        self.queue = queue
        self._end_process = end_process
        self._stop_within = stop_within.total_seconds()
        self._step = step
        self._store = store
        self._artifacts = artifacts
        self._settings = config
        self._worker = worker
        self._now = now

    async def handle(self, payload: Mapping[str, Any]) -> None:
        """One message, a canary included. Returning acknowledges it."""
        if payload.get("canary"):
            await self._store.echo(self.queue)
            return
        message = Message.model_validate(payload)
        with structlog.contextvars.bound_contextvars(
            job_id=message.job_id, attempt=message.attempt, step=message.step, run=message.run
        ):
            claim = await self._store.claim(message, self._worker)
            if claim is None:
                log.info("not claimed", reason="taken, done or out of date")
                return
            await self._work(claim)

    async def _work(self, claim: Claim) -> None:
        cancelled, done = threading.Event(), asyncio.Event()
        job_log = JobLog(self._store, claim.job.id, self._log_limit(claim.job))
        progress = JobProgress(self._store, claim)
        keeper = asyncio.create_task(self._keep(claim, cancelled))
        teller = asyncio.create_task(self._tell(job_log, progress, done))
        work = Work(
            claim=claim,
            artifacts=self._artifacts,
            settings=self._settings,
            log=job_log.add,
            cancelled=cancelled,
            now=self._now,
            progress=progress.set,
        )
        try:
            event = await self._outcome(work)
        finally:
            done.set()
            keeper.cancel()
            await asyncio.gather(keeper, teller, return_exceptions=True)
        await self._persist(job_log.flush)
        if not cancelled.is_set():
            await self._commit(event, claim.job)

    async def _outcome(self, work: Work) -> Event:
        claim = work.claim
        try:
            return await asyncio.to_thread(self._step, work)
        except StepFailed as failed:
            failure, findings, facts = failed.failure, failed.findings, failed.facts
            log.info("step failed", kind=failure.kind, code=failure.code)
        except Exception as error:
            # A fault of ours, not of the program: it is logged whole, costs no attempt, and the
            # same step starts again; the third time the job says so.
            log.exception("step broke")
            failure, findings, facts = _broke(error, self.queue), (), None
        return after_failure(
            claim.job,
            failure,
            fence=claim.fence,
            at=self._now(),
            findings=findings,
            facts=facts,
        )

    async def _commit(self, event: Event, known: Job) -> None:
        try:
            job = await self._persist(lambda: self._store.append(event, known=known))
            log.info("committed", event_type=event.type, state=job.state)
        except (Fenced, IllegalTransition, JobNotFound) as refused:
            log.warning("commit refused", reason=str(refused))

    def _log_limit(self, job: Job) -> int:
        return min(self._settings.run_log, job.request.limits.log or self._settings.run_log)

    async def _tell(self, job_log: JobLog, progress: JobProgress, done: asyncio.Event) -> None:
        """Sends what people watch, until the step is done; its end is never in mid-sending, so
        no line goes out twice."""
        pause = TELL_EVERY
        while not done.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(pause.total_seconds()):
                    await done.wait()
            try:
                await job_log.flush()
                await progress.flush()
                pause = TELL_EVERY
            except RedisError:
                # The keeper says so; lines stay where they are until the store is back.
                pause = self._settings.cancel_poll

    async def _keep(self, claim: Claim, cancelled: threading.Event) -> None:
        """Beats until the step ends; notices a cancel within `cancel_poll`."""
        pause = min(self._settings.cancel_poll, self._settings.heartbeat).total_seconds()
        while True:
            await asyncio.sleep(pause)
            sign(self._settings, self.queue)
            try:
                if not await self._store.beat(claim):
                    break
                await self._store.echo(self.queue)
            except RedisError as error:
                # The lease outlives short outages; after long ones the fence decides.
                log.warning("store out of reach", error=str(error))
        cancelled.set()
        await asyncio.sleep(self._stop_within)
        # A thread cannot be stopped, a process can: Celery starts another one.
        log.error("the step does not stop; ending this process")
        self._end_process()

    async def _persist(self, write: Callable[[], Awaitable[T]]) -> T:
        """Repeats through an outage of the store: a finished step is not thrown away."""
        for delay in _OUTAGE_DELAYS:
            try:
                return await write()
            except RedisError as error:
                log.warning("store out of reach, trying again", after=delay, error=str(error))
                await asyncio.sleep(delay)
        return await write()


_OUTAGE_DELAYS = (0.1, 0.2, 0.5, 1, 2, 5, 5, 10, 10, 10, 15)
"""Seconds; about a minute in all, after which the redelivered step does the work again."""


def _broke(error: Exception, queue: Queue) -> Failure:
    return Failure(
        kind=FailureKind.INFRASTRUCTURE,
        code="STEP_BROKE",
        message=f"The {queue} service failed inside: {type(error).__name__}.",
        hint="This is a fault of the installation. The service's log has the traceback.",
        details={"error": type(error).__name__},
    )


def consumer(queue: Queue, step: StepFunction, config: Settings | None = None) -> Celery:
    """The Celery app of one worker service, with its one task."""
    config = config or settings()
    app = make_app(config)
    process = _Process(queue, step, config)

    @app.task(name=TASK_OF[queue])
    def handle(payload: dict[str, Any]) -> None:
        process.run(payload)

    return app


class _Process(threading.local):
    """One event loop and one store per worker process, made after the fork, or per thread."""

    def __init__(self, queue: Queue, step: StepFunction, config: Settings) -> None:
        self._queue = queue
        self._step = step
        self._config = config
        self._made_in = 0

    def run(self, payload: Mapping[str, Any]) -> None:
        if self._made_in != os.getpid():
            self._runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
            self._consumer = Consumer(
                self._queue,
                self._step,
                RedisStore.from_settings(self._config),
                artifacts_at(self._config.artifact_root),
                self._config,
                worker=f"{self._queue}@{socket.gethostname()}:{os.getpid()}",
            )
            self._made_in = os.getpid()
        self._runner.run(self._consumer.handle(payload))
