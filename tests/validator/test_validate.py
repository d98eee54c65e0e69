"""The step between the store and the executor: what passes, what goes back, what ends."""

import hashlib
import threading
from typing import Any

import pytest

from arclight.contracts.apply import apply
from arclight.contracts.events import ApprovalRequested, CodeValidated, JobFinished, StepClaimed
from arclight.contracts.failure import FailureKind, StepFailed
from arclight.contracts.job import Job, Plan, ProgramRef, utc
from arclight.contracts.names import EventType, Framework, JobState, Mode, Platform, Step
from arclight.contracts.outcome import after_failure
from arclight.contracts.result import ResultKind
from arclight.contracts.source import GlueSource, S3Source, UploadSource
from arclight.runtime.artifacts import LocalArtifacts, put_program
from arclight.runtime.settings import Settings
from arclight.runtime.store.port import Claim
from arclight.runtime.work import Work
from services.validator.context import declared
from services.validator.validate import validate
from tests import jobs

SPARK = """\
import argparse
from pyspark.sql import SparkSession
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
df = spark.read.csv("file:///store/birds.csv", header=True)
df.groupBy("size").count().write.parquet(args.output)
"""
BIRDS = UploadSource(id=f"src_{1:028x}", name="birds", uri="file:///store/birds.csv")
AIRPORTS = UploadSource(id=f"src_{2:028x}", name="airports", uri="file:///store/airports.csv")


class Bench:
    """Jobs whose validation step was just claimed."""

    def __init__(self, artifacts: LocalArtifacts, config: Settings) -> None:
        self._artifacts = artifacts
        self._config = config

    def brought(self, text: str | bytes, **request: Any) -> Work:
        """A job with a program that a person brought."""
        data = text if isinstance(text, bytes) else text.encode()
        key, digest = "jobs/x/program.py", hashlib.sha256(data).hexdigest()
        self._artifacts.put(key, data)
        ref = ProgramRef(key=key, sha256=digest, bytes=len(data))
        event = jobs.program_submitted(**{"program": ref, "prompt": "", **request})
        return self._claimed(apply(None, event), 1)

    def generated(
        self, text: str, framework: Framework, plan: Plan | None = None, **request: Any
    ) -> Work:
        """A job whose program codegen has just written."""
        job = apply(None, jobs.submitted(**request))
        job = apply(job, self._claim(job, 1))
        ref = put_program(self._artifacts, "jobs/x/program.py", text)
        made = jobs.generated(job, framework=framework).model_copy(
            update={"program": ref, "plan": plan or Plan()}
        )
        return self._claimed(apply(job, made), 2)

    def edited(self, before: Work, text: str) -> Work:
        """The same job after its reviewer has answered with another program."""
        job = apply(before.job, validate(before))
        key = f"jobs/x/{len(job.attempts) + 1}.py"
        ref = put_program(self._artifacts, key, text)
        word = jobs.edited(job).model_copy(update={"program": ref})
        return self._claimed(apply(job, word), before.claim.fence + 1)

    def _claim(self, job: Job, fence: int) -> StepClaimed:
        assert job.pending is not None
        return StepClaimed(
            job_id=job.id,
            at=jobs.at(),
            fence=fence,
            attempt=job.pending.attempt,
            step=job.pending.step,
            run=job.pending.run,
            worker="w1",
        )

    def _claimed(self, job: Job, fence: int) -> Work:
        assert job.pending is not None
        assert job.pending.step is Step.VALIDATION
        message = jobs.message(job)
        job = apply(job, self._claim(job, fence))
        return Work(
            claim=Claim(message=message, job=job, fence=fence),
            artifacts=self._artifacts,
            settings=self._config,
            log=lambda _: None,
            cancelled=threading.Event(),
            now=lambda: utc(jobs.START + 1),
        )


@pytest.fixture
def bench(artifacts: LocalArtifacts, config: Settings) -> Bench:
    return Bench(artifacts, config)


def failed(work: Work) -> StepFailed:
    with pytest.raises(StepFailed) as caught:
        validate(work)
    return caught.value


def test_a_generated_program_passes_to_the_executor(bench: Bench) -> None:
    work = bench.generated(SPARK, Framework.SPARK, sources=(BIRDS, AIRPORTS))
    event = validate(work)
    assert isinstance(event, CodeValidated)
    assert event.framework is Framework.SPARK
    assert event.platform is Platform.LOCAL
    assert [f.code for f in event.findings] == ["PRV003"]
    assert apply(work.job, event).state is JobState.RUNNING


def test_a_rejected_program_goes_back_to_codegen_with_its_findings(bench: Bench) -> None:
    # Given a generated program that reads another file and starts a process
    text = SPARK.replace("birds.csv", "other.csv") + "import subprocess\n"
    work = bench.generated(text, Framework.SPARK, sources=(BIRDS,))

    # When it is validated
    error = failed(work)

    # Then the failure names the first error, and the findings carry all of them
    assert error.failure.kind is FailureKind.REJECTED
    assert error.failure.details == {"findings": ["PRV001", "PRV002", "SEC002"]}
    assert error.failure.code == "PRV001"
    assert "2 more errors" in error.failure.message
    assert [f.line for f in error.findings] == [1, 7, 9]

    # And what follows is a repair
    following = after_failure(
        work.job, error.failure, fence=work.claim.fence, at=jobs.at(2), findings=error.findings
    )
    assert following.type is EventType.CODE_REJECTED
    assert apply(work.job, following).state is JobState.GENERATING


def test_the_same_fault_on_another_line_has_the_same_fingerprint(bench: Bench) -> None:
    first = failed(
        bench.generated(SPARK + "import subprocess\n", Framework.SPARK, sources=(BIRDS,))
    )
    text = "# moved\n" + SPARK + "\n\nimport subprocess\n"
    second = failed(bench.generated(text, Framework.SPARK, sources=(BIRDS,)))
    assert first.failure.line != second.failure.line
    assert first.failure.fingerprint == second.failure.fingerprint


def test_mode_generate_ends_with_the_program(bench: Bench) -> None:
    work = bench.generated(SPARK, Framework.SPARK, sources=(BIRDS,), mode=Mode.GENERATE)
    event = validate(work)
    assert isinstance(event, JobFinished)
    assert event.result is not None
    assert event.result.kind is ResultKind.PROGRAM
    assert event.result.text == SPARK
    assert event.result.sources_read == ("birds",)
    assert event.explanation[0] == "Read birds (file:///store/birds.csv) as CSV."
    assert apply(work.job, event).state is JobState.SUCCEEDED


def test_mode_review_asks_a_person_first(bench: Bench) -> None:
    work = bench.generated(SPARK, Framework.SPARK, sources=(BIRDS, AIRPORTS), mode=Mode.REVIEW)
    event = validate(work)
    assert isinstance(event, ApprovalRequested)
    assert event.explanation[0] == "Read birds (file:///store/birds.csv) as CSV."
    assert [f.code for f in event.findings] == ["PRV003"]
    assert apply(work.job, event).state is JobState.AWAITING_APPROVAL


def test_a_generated_program_with_errors_is_repaired_before_a_person_sees_it(bench: Bench) -> None:
    text = SPARK + "import subprocess\n"
    work = bench.generated(text, Framework.SPARK, sources=(BIRDS,), mode=Mode.REVIEW)
    assert failed(work).failure.code == "SEC002"


def test_a_program_that_a_reviewer_wrote_goes_on_when_it_passes(bench: Bench) -> None:
    # Given a plan that reads both sources, and a reviewer who needs one of them only
    plan = Plan(sources=("birds", "airports"))
    asked = {"sources": (BIRDS, AIRPORTS), "mode": Mode.REVIEW}
    both = SPARK + 'spark.read.csv("file:///store/airports.csv").show()\n'
    work = bench.edited(bench.generated(both, Framework.SPARK, plan, **asked), SPARK)

    event = validate(work)

    assert isinstance(event, CodeValidated)
    assert apply(work.job, event).state is JobState.RUNNING


@pytest.mark.parametrize(
    ("text", "code"),
    [(SPARK + "import subprocess\n", "SEC002"), ("import (\n", "ARC001"), ("x = 1\n", "PRV001")],
)
def test_a_reviewers_program_with_errors_goes_back_to_the_reviewer(
    bench: Bench, text: str, code: str
) -> None:
    asked = {"sources": (BIRDS,), "mode": Mode.REVIEW}
    work = bench.edited(bench.generated(SPARK, Framework.SPARK, **asked), text)

    event = validate(work)

    assert isinstance(event, ApprovalRequested)
    assert code in [f.code for f in event.findings]
    assert event.framework is Framework.SPARK
    job = apply(work.job, event)
    assert (job.state, len(job.attempts)) == (JobState.AWAITING_APPROVAL, 2)
    assert job.attempts[-1].failure is None


def test_a_reviewer_may_change_over_to_the_other_engine_where_none_was_asked_for(
    bench: Bench,
) -> None:
    ray = "import ray\nray.init()\nprint(1)\n"
    spark = "from pyspark.sql import SparkSession as S\nS.builder.getOrCreate().range(3).show()\n"
    free = bench.edited(bench.brought(spark, mode=Mode.REVIEW), ray)
    asked = bench.edited(bench.brought(spark, mode=Mode.REVIEW, framework="spark"), ray)

    assert validate(free).framework is Framework.RAY  # type: ignore[union-attr]
    event = validate(asked)
    assert isinstance(event, ApprovalRequested)
    assert event.framework is Framework.SPARK


@pytest.mark.parametrize(
    ("text", "framework"),
    [
        ("import ray\nray.init()\nprint(1)\n", Framework.RAY),
        (
            "from pyspark.sql import SparkSession as S\nS.builder.getOrCreate().range(3).show()\n",
            Framework.SPARK,
        ),
    ],
)
def test_the_framework_of_a_brought_program_is_seen_in_its_imports(
    bench: Bench, text: str, framework: Framework
) -> None:
    event = validate(bench.brought(text))
    assert isinstance(event, CodeValidated)
    assert event.framework is framework


@pytest.mark.parametrize("text", ["print(1)\n", "import ray, pyspark\nray.init()\nprint(1)\n"])
def test_a_brought_program_of_no_clear_framework_is_a_request_failure(
    bench: Bench, text: str
) -> None:
    error = failed(bench.brought(text))
    assert error.failure.kind is FailureKind.REQUEST
    assert error.failure.code == "FRAMEWORK_UNCLEAR"
    assert "spark" in error.failure.hint


def test_a_brought_program_that_is_wrong_ends_the_job(bench: Bench) -> None:
    work = bench.brought("import ray\nray.init(\n")
    error = failed(work)
    assert error.failure.code == "ARC001"
    assert error.failure.line == 2
    event = after_failure(work.job, error.failure, fence=work.claim.fence, at=jobs.at(2))
    assert isinstance(event, JobFinished)
    assert event.state is JobState.FAILED


def test_bytes_that_are_no_text_are_rejected(bench: Bench) -> None:
    error = failed(bench.brought(b"print('\xff')\n"))
    assert error.failure.kind is FailureKind.REJECTED
    assert error.failure.code == "ARC002"


def test_declared_sources_have_a_name_and_a_place() -> None:
    sources = (
        BIRDS,
        S3Source(uri="s3://data/flights/2024.csv"),
        GlueSource(database="sales", table="orders"),
    )
    assert declared(sources) == (
        ("birds", "file:///store/birds.csv", "upload"),
        ("2024", "s3://data/flights/2024.csv", "s3"),
        ("sales.orders", "", "glue"),
    )


PRIMES = """\
import argparse
import pyarrow as pa
import pyarrow.parquet as pq
import ray
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
ray.init()
pq.write_table(pa.table({"prime": [2, 3, 5]}), f"{args.output}/a.parquet")
"""


def test_a_planned_computation_needs_no_source(bench: Bench) -> None:
    # Given files that are declared, and a question that does not need them
    plan = Plan(steps=({"step": "compute", "task": "first_primes", "args": [3]},))
    work = bench.generated(PRIMES, Framework.RAY, plan, sources=(BIRDS,))
    assert isinstance(validate(work), CodeValidated)

    # But without such a plan the same program is an invented answer
    error = failed(bench.generated(PRIMES, Framework.RAY, sources=(BIRDS,)))
    assert error.failure.details == {"findings": ["PRV001", "PRV004"]}


def test_a_source_of_the_plan_must_be_read(bench: Bench) -> None:
    plan = Plan(sources=("birds", "airports"))
    error = failed(bench.generated(SPARK, Framework.SPARK, plan, sources=(BIRDS, AIRPORTS)))
    assert [f.code for f in error.findings] == ["PRV008"]
    assert "file:///store/airports.csv" in error.failure.hint


PRINTS = "import ray\nray.init()\nprint(ray.get(ray.put(1)))\n"


def test_only_a_program_that_a_person_brought_may_simply_print(bench: Bench) -> None:
    assert isinstance(validate(bench.brought(PRINTS)), CodeValidated)
    error = failed(bench.generated(PRINTS, Framework.RAY))
    assert error.failure.code == "ARC004"
    assert "--output" in error.failure.hint


def test_what_the_program_does_is_told_in_the_event(bench: Bench) -> None:
    work = bench.generated(SPARK, Framework.SPARK, sources=(BIRDS,))
    event = validate(work)
    assert isinstance(event, CodeValidated)
    assert event.explanation == (
        "Read birds (file:///store/birds.csv) as CSV.",
        "For each size: number of rows.",
        "Write the answer to the output folder as Parquet.",
    )
    attempt = apply(work.job, event).attempt
    assert attempt is not None
    assert attempt.explanation == event.explanation


def test_the_rules_of_the_installation_are_applied(
    artifacts: LocalArtifacts, config: Settings
) -> None:
    text = SPARK + "import subprocess\n"
    lenient = config.model_copy(update={"rules_ignore": "SEC002"})
    work = Bench(artifacts, lenient).generated(text, Framework.SPARK, sources=(BIRDS,))
    assert isinstance(validate(work), CodeValidated)
    strict = config.model_copy(update={"rules_severity": "PRV003=error"})
    work = Bench(artifacts, strict).generated(SPARK, Framework.SPARK, sources=(BIRDS, AIRPORTS))
    assert failed(work).failure.code == "PRV003"
