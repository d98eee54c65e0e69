"""What the Spark executor says when the installation, or Java's heap, is not enough."""

from pathlib import Path

import pytest

from arclight.contracts.failure import FailureKind
from arclight.runtime.artifacts import LocalArtifacts
from arclight.runtime.settings import Settings
from arclight.sandbox.crash import Crash
from arclight.sandbox.limits import GIB, Limits
from arclight.sandbox.run_program import Context
from arclight.sandbox.runner.protocol import Ended
from arclight.sandbox.watch import Reason
from services.executor_spark.engine import SparkEngine, spark_folder
from services.executor_spark.execute import execute
from services.executor_spark.platforms.local import LocalSpark
from services.executor_spark.platforms.spark_home import OOM_MARKER
from services.executor_spark.shared import shared_spark
from tests.sandbox import works
from tests.sandbox.running import running


def ended(code: int) -> Ended:
    return Ended(
        reason=Reason.ENDED,
        code=code,
        signal=None,
        seconds=1.0,
        max_memory=1,
        survivors=0,
        stdout="",
        log_cut=0,
    )


def test_a_java_that_is_too_old_is_refused_with_the_cure(tmp_path: Path) -> None:
    old = tmp_path / "java"
    old.mkdir()
    (old / "release").write_text('JAVA_VERSION="11.0.2"\n')
    config = Settings(home=tmp_path, scratch=tmp_path / "s", java_home=old)
    artifacts = LocalArtifacts(tmp_path / "artifacts")
    engine = SparkEngine(config)

    with running(engine, config, lambda h, limits: shared_spark(h, limits, config), one_shots=1):
        failure = works.failure(execute, works.step("pass", artifacts, config))

    assert (failure.kind, failure.code) == (FailureKind.REQUEST, "JAVA_MISSING")
    assert "ARCLIGHT_JAVA_HOME" in failure.hint


def test_a_java_heap_that_ran_out_is_named_as_such(tmp_path: Path) -> None:
    spark_folder(tmp_path).mkdir()
    (spark_folder(tmp_path) / OOM_MARKER).touch()
    context = Context("", Limits(memory=2 * GIB), (), tmp_path)

    failure = LocalSpark().explain(ended(1), Crash.model_validate({"class": "Py4JError"}), context)

    assert failure is not None
    assert (failure.kind, failure.code) == (FailureKind.RESOURCE, "OUT_OF_MEMORY")
    assert "1,024 MiB" in failure.message


@pytest.mark.parametrize(
    ("line", "own"),
    [
        ("WARN TaskSetManager: Lost task 0.0", True),
        ("WARNING: something of mine", False),
        ("ERROR Executor: x", True),
        ("ERROR in my program", False),
    ],
)
def test_lines_of_spark_are_told_from_the_program_s(line: str, own: bool) -> None:
    assert bool(LocalSpark.own_lines.match(line)) is own


def test_a_relative_path_in_the_shared_spark_sends_the_run_to_one_of_its_own() -> None:
    message = (
        "Job aborted due to stage failure: java.io.IOException: Mkdirs failed to create "
        "file:/out/_temporary/0 (exists=false, cwd=file:/)"
    )
    crash = Crash.model_validate({"class": "SparkException", "message": message, "line": 4})

    failure = LocalSpark().explain(ended(1), crash, Context("", Limits(), (), Path("/none")))

    assert failure is not None
    assert (failure.kind, failure.code) == (FailureKind.INFRASTRUCTURE, "RELATIVE_PATH")
