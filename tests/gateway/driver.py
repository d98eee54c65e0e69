"""Plays the workers: takes jobs through their steps by hand."""

import hashlib
import io
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import JsonValue

from arclight.contracts.events import ApprovalRequested, CodeGenerated, CodeValidated, JobFinished
from arclight.contracts.failure import Failure, FailureKind
from arclight.contracts.finding import Finding
from arclight.contracts.job import Job, Plan, utc
from arclight.contracts.names import Framework, JobState, LogStream, Platform
from arclight.contracts.outcome import after_failure
from arclight.contracts.result import Column, Result, ResultFile, ResultKind
from arclight.contracts.run_facts import LogFile, RunFacts, log_key
from arclight.runtime.artifacts import LocalArtifacts, get_program, put_program
from arclight.runtime.store.memory import MemoryStore
from tests.conftest import FakeClock
from tests.jobs import failure, message


class Driver:
    """Every method returns the job as it is after the step."""

    def __init__(self, store: MemoryStore, artifacts: LocalArtifacts, clock: FakeClock) -> None:
        self.store = store
        self.artifacts = artifacts
        self.clock = clock

    async def claim(self, job_id: str) -> Job:
        claim = await self.store.claim(message(await self.store.get(job_id)), "worker-1")
        assert claim is not None
        return claim.job

    async def generate(self, job_id: str, program: str = "print(1)\n") -> Job:
        job = await self.claim(job_id)
        number = len(job.attempts)
        ref = put_program(self.artifacts, f"jobs/{job_id}/{number}/program.py", program)
        return await self.store.append(
            CodeGenerated(
                **self._stamp(job),
                generator="test",
                framework=Framework.SPARK,
                program=ref,
                plan=Plan(summary="counts"),
            )
        )

    async def validate(self, job_id: str) -> Job:
        job = await self.claim(job_id)
        return await self.store.append(
            CodeValidated(**self._stamp(job), framework=Framework.SPARK, platform=Platform.LOCAL)
        )

    async def ask(self, job_id: str, *findings: Finding) -> Job:
        """What the validator does in mode `review`."""
        job = await self.claim(job_id)
        return await self.store.append(
            ApprovalRequested(
                **self._stamp(job),
                framework=Framework.SPARK,
                platform=Platform.LOCAL,
                findings=findings,
                explanation=("It counts the rows.",),
            )
        )

    async def awaiting(self, job_id: str, program: str = "print(1)\n", *findings: Finding) -> Job:
        """A job in mode `review` until it waits for a person."""
        await self.generate(job_id, program)
        return await self.ask(job_id, *findings)

    def program(self, job: Job) -> str:
        """The text of the newest program."""
        ref = job.attempts[-1].program
        assert ref is not None
        return get_program(self.artifacts, ref)

    async def running(self, job_id: str, program: str = "print(1)\n") -> Job:
        await self.generate(job_id, program)
        await self.validate(job_id)
        return await self.claim(job_id)

    async def fail_attempt(self, job_id: str, program: str) -> Job:
        job = await self.running(job_id, program)
        return await self.break_down(job, failure())

    async def break_down(self, job: Job, said: Failure) -> Job:
        """The step that is claimed fails, and what follows is decided."""
        at = utc(self.clock())
        return await self.store.append(after_failure(job, said, fence=job.fence, at=at))

    async def succeed(self, job_id: str, result: Result) -> Job:
        job = await self.running(job_id)
        return await self.store.append(
            JobFinished(**self._stamp(job), state=JobState.SUCCEEDED, result=result)
        )

    async def fail(self, job_id: str, details: dict[str, JsonValue] | None = None) -> Job:
        job = await self.claim(job_id)
        said = Failure(
            kind=FailureKind.REQUEST,
            code="NOT_UNDERSTOOD",
            message="The word 'wombats' is no column.",
            hint="The columns are: a, b.",
            details=details or {},
        )
        return await self.break_down(job, said)

    async def finish_with(self, job_id: str, facts: RunFacts) -> Job:
        """End a running job with an answer and the facts of its run."""
        job = await self.store.get(job_id)
        result = Result(kind=ResultKind.TEXT, text="42")
        return await self.store.append(
            JobFinished(**self._stamp(job), state=JobState.SUCCEEDED, result=result, facts=facts)
        )

    def log(self, job_id: str, stream: LogStream, text: str, run: int = 1) -> LogFile:
        """A full log as an executor keeps it."""
        key, data = log_key(job_id, 1, run, stream), text.encode()
        self.artifacts.put(key, data)
        return LogFile(stream=stream, key=key, bytes=len(data))

    def text(self, job_id: str, text: str) -> ResultFile:
        """All of what a program printed, as the store keeps it."""
        key, data = f"output/{job_id}/1/1/answer.txt", text.encode()
        self.artifacts.put(key, data)
        return ResultFile(key=key, rows=0, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())

    def table(self, job_id: str, parts: Sequence[pa.Table], **writing: Any) -> Result:
        """An answer of these part files."""
        files = []
        for n, part in enumerate(parts):
            sink = io.BytesIO()
            pq.write_table(part, sink, **writing)
            key, data = f"output/{job_id}/1/1/part-{n:05}.parquet", sink.getvalue()
            self.artifacts.put(key, data)
            digest = hashlib.sha256(data).hexdigest()
            files.append(ResultFile(key=key, rows=part.num_rows, bytes=len(data), sha256=digest))
        columns = [Column(name=f.name, type=str(f.type)) for f in parts[0].schema] if parts else []
        return Result(
            kind=ResultKind.TABLE,
            columns=tuple(columns),
            total_rows=sum(f.rows for f in files),
            files=tuple(files),
            sha256="ab" * 32,
        )

    def _stamp(self, job: Job) -> dict[str, Any]:
        return {"job_id": job.id, "at": utc(self.clock()), "fence": job.fence}
