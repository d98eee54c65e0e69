"""The real gateway on a real port, over the store in memory; prompts say what becomes of a job."""

import asyncio
import threading
import time
from pathlib import Path
from typing import Self

import pyarrow as pa
import uvicorn

from arclight.contracts.job import Job, utc
from arclight.contracts.names import LogStream, Mode, Step, Way
from arclight.contracts.progress import Progress
from arclight.contracts.result import Result, ResultKind
from arclight.contracts.run_facts import RunFacts
from arclight.runtime.artifacts import LocalArtifacts
from arclight.runtime.keys import MemoryKeys, new_key
from arclight.runtime.settings import Settings
from arclight.runtime.store.memory import MemoryStore
from arclight.runtime.store.port import Claim, LogLine
from services.gateway.app import create_app
from tests.conftest import FakeClock
from tests.gateway.driver import Driver
from tests.jobs import error, message

ANSWER = pa.table({"size": ["Large", "Small"], "total": [1234.5, None], "n": [7, 12]})
PROGRAM = "print('the program')\n"
CHOICES = {
    "words": ["cost"],
    "choices": [
        {"text": "Cost Repair by size", "prompt": "total repair cost by size"},
        {"text": "Cost Total $ by size", "prompt": "total 'Cost Total $' by size"},
    ],
}
TEXT = "pi is 3.14, and more than is shown"


class RealClock(FakeClock):
    def __call__(self) -> float:
        return time.time()


class Served:
    """A context manager. Prompts: `answer`, `repair`, `print`, `watch`, `fail`, `unclear`; others
    run on. In mode `review` a program waits, an edited one that says `wrong` waits again, and what
    is approved answers."""

    def __init__(self, folder: Path) -> None:
        self.key, record = new_key("test", utc(time.time()))
        self._keys = MemoryKeys(record)
        self._folder = folder
        self._up = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._up.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(10)

    @property
    def environment(self) -> dict[str, str]:
        return {"ARCLIGHT_URL": self.url, "ARCLIGHT_API_KEY": self.key}

    async def _serve(self) -> None:
        config, clock = Settings(home=self._folder), RealClock()
        store, artifacts = MemoryStore(config, clock), LocalArtifacts(self._folder / "artifacts")
        app = create_app(config, store, artifacts, keys=self._keys)
        self._server = uvicorn.Server(
            uvicorn.Config(app, port=0, log_level="error", timeout_graceful_shutdown=1)
        )
        serving = asyncio.create_task(self._server.serve())
        while not self._server.started:
            await asyncio.sleep(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        working = asyncio.create_task(self._work(Driver(store, artifacts, clock)))
        self._up.set()
        await serving
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)

    async def _work(self, driver: Driver) -> None:
        seen: set[str] = set()
        while True:
            for job in (await driver.store.list()).jobs:
                if job.request.mode is Mode.REVIEW:
                    await self._review(driver, job)
                elif job.id not in seen:
                    seen.add(job.id)
                    await self._become(driver, job.id, job.request.prompt)
            await asyncio.sleep(0.01)

    async def _review(self, driver: Driver, job: Job) -> None:
        """The next step of a job in mode `review`, if one is pending."""
        if not job.waiting or job.state.terminal or job.pending is None:
            return
        number = len(job.attempts)
        match job.pending.step:
            case Step.CODEGEN:
                await driver.generate(job.id, f"print('program {number}')\n")
            case Step.VALIDATION if not job.attempts[-1].edited:
                await driver.ask(job.id)
            case Step.VALIDATION if "wrong" in driver.program(job):
                await driver.ask(job.id, error())
            case Step.VALIDATION:
                await driver.validate(job.id)
            case _:
                await driver.claim(job.id)
                await driver.finish_with(job.id, RunFacts(way=Way.WARM, tier="T3"))

    async def _become(self, driver: Driver, job_id: str, prompt: str) -> None:
        table = driver.table(job_id, [ANSWER])
        rows = tuple(tuple(row.values()) for row in ANSWER.to_pylist())
        result = table.model_copy(update={"preview": rows})
        match prompt.split()[0]:
            case "answer":
                await driver.succeed(job_id, result)
            case "repair":
                await driver.fail_attempt(job_id, "print('wrong')\n")
                await driver.succeed(job_id, result)
            case "print":
                file = driver.text(job_id, TEXT)
                text = Result(kind=ResultKind.TEXT, text=TEXT[:9], files=(file,), truncated=True)
                await driver.succeed(job_id, text)
            case "watch":
                await self._watched(driver, job_id)
            case "fail":
                await driver.fail(job_id)
            case "unclear":
                await driver.fail(job_id, CHOICES)
            case _:
                await driver.running(job_id, PROGRAM)

    async def _watched(self, driver: Driver, job_id: str) -> None:
        """A program that prints, tells its progress, and leaves facts and full logs."""
        job = await driver.running(job_id, PROGRAM)
        claim = Claim(message=message(job), job=job, fence=job.fence)
        lines = [LogLine("hello", LogStream.STDOUT), LogLine("oh no", LogStream.STDERR)]
        await driver.store.log(job_id, lines)
        for done in range(20):
            await driver.store.progress(claim, Progress(tasks=40, tasks_done=done))
            await asyncio.sleep(0.005)
        facts = RunFacts(
            way=Way.WARM,
            way_reason="its limits are the usual ones.",
            tier="T3",
            layers=("namespaces", "seccomp"),
            wait=0.5,
            seconds=2.25,
            max_memory=512 * 1024**2,
            logs=(driver.log(job_id, LogStream.STDOUT, "hello, in full\n"),),
        )
        await driver.finish_with(job_id, facts)
