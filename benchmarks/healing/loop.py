"""The real loop in one process: the store's own rules, the services' own steps, no broker.

Every message goes through the same `Consumer` as in a worker: claim, step, commit, and after a
failure the decision. Only the first program is not the planner's own.
"""

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pyarrow.parquet as pq

from arclight.catalog.upload import UploadCatalog
from arclight.contracts.apply import message_of
from arclight.contracts.events import JobSubmitted
from arclight.contracts.flow import queue_for
from arclight.contracts.job import Job, JobRequest, deadline_of, utc
from arclight.contracts.names import Queue
from arclight.contracts.source import UploadSource
from arclight.runtime.artifacts import LocalArtifacts
from arclight.runtime.consume import Consumer
from arclight.runtime.settings import Settings
from arclight.runtime.store.memory import MemoryStore
from arclight.runtime.work import StepFunction
from benchmarks.answers.sets import Rows
from benchmarks.answers.values import json_rows
from benchmarks.healing.cases import Case
from benchmarks.healing.world import Table, World
from services.codegen.generate import generate
from services.codegen.generator import Ask, Draft, Tried
from services.codegen.planner.planner import Planner
from services.validator.validate import validate

PATIENCE = timedelta(minutes=15)


class FirstIsFaulty:
    """The planner, whose first program somebody spoils. Implements Generator."""

    name = "planner"

    def __init__(self, spoil: Callable[[Draft], Draft]) -> None:
        self._planner = Planner()
        self._spoil = spoil

    def generate(self, ask: Ask) -> Draft:
        return self._spoil(self._planner.generate(ask))

    def repair(self, ask: Ask, tried: Sequence[Tried]) -> Draft:
        return self._planner.repair(ask, tried)


class Loop:
    """Runs jobs to their end. `execute`: the execution step of each framework's queue."""

    def __init__(self, settings: Settings, execute: Mapping[Queue, StepFunction]) -> None:
        self.settings = settings
        self.artifacts = LocalArtifacts(settings.home_dir / "artifacts")
        self._execute = execute

    async def run(self, case: Case) -> Job:
        """The job of a case, ended."""
        sources = self.upload(case.uploaded())
        for source, table in zip(sources, case.world().tables, strict=True):
            self._replace(source, table)
        request = JobRequest(
            prompt=case.question.text,
            sources=sources,
            framework=case.framework,
            limits=case.fault.limits,
        )
        generator = FirstIsFaulty(case.spoil)
        return await self.job(request, lambda work: generate(work, generator))

    async def job(
        self,
        request: JobRequest,
        codegen: StepFunction,
        steps: Mapping[Queue, StepFunction] | None = None,
    ) -> Job:
        """A job from its submission to its end. `steps` take the place of the loop's own."""
        store = MemoryStore(self.settings)
        used = {Queue.CODEGEN: codegen, Queue.VALIDATOR: validate, **self._execute, **(steps or {})}
        consumers = {
            queue: Consumer(queue, step, store, self.artifacts, self.settings, worker=queue)
            for queue, step in used.items()
        }
        job = await store.submit(_submitted(request))
        while not job.state.terminal:
            message = message_of(job)
            assert message is not None, "a job that goes on waits for somebody"
            queue = queue_for(message.event, job.framework)
            await consumers[queue].handle(message.model_dump(mode="json"))
            job = await store.get(job.id)
        return job

    def execute(self, queue: Queue) -> StepFunction:
        """The execution step of a queue."""
        return self._execute[queue]

    def rows(self, job: Job) -> Rows:
        """The answer, from its files."""
        assert job.result is not None
        rows: Rows = []
        for file in job.result.files:
            table = pq.read_table(self.artifacts.local(file.key))
            rows += json_rows(zip(*(c.to_pylist() for c in table.columns), strict=True))
        return rows

    def upload(self, world: World) -> tuple[UploadSource, ...]:
        """The tables, checked and stored as the gateway does it."""
        return tuple(map(self._uploaded, world.tables))

    def _uploaded(self, table: Table) -> UploadSource:
        id_ = f"src_{uuid4().hex[:28]}"
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{table.name}.csv"
            path.write_text(table.text(), "utf-8")
            stored = UploadCatalog(self.artifacts).add(path, path.name, id_)
        return UploadSource(id=id_, name=table.name, uri=self.artifacts.uri(stored.key))

    def _replace(self, source: UploadSource, table: Table) -> None:
        """Another content under the same address, as it happens to files outside."""
        key = f"uploads/{source.id}/{table.name}.csv"
        self.artifacts.put(key, table.text().encode())


def _submitted(request: JobRequest) -> JobSubmitted:
    now = utc(time.time())
    request = request.model_copy(
        update={"budget": request.budget.model_copy(update={"wall": PATIENCE})}
    )
    return JobSubmitted(
        job_id=f"job_{uuid4().hex[:28]}",
        at=now,
        request=request,
        caller="benchmark",
        deadline=deadline_of(request, now),
    )
