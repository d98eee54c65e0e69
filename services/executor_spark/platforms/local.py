"""Spark on this machine: a private SPARK_HOME in the run's scratch folder."""

import re
from collections.abc import Mapping
from pathlib import Path

from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.runtime.settings import Settings
from arclight.sandbox import failures
from arclight.sandbox.crash import Crash
from arclight.sandbox.launch import Exit
from arclight.sandbox.run_program import Context
from arclight.sandbox.scratch import Scratch
from services.executor_spark.classify import classify
from services.executor_spark.platforms.java import Java, JavaNotFound, find_java
from services.executor_spark.platforms.spark_home import MIB, OOM_MARKER, prepare

_HEAP_SHARE = 0.5
"""Of the run's memory. A JVM takes about 300 MiB beside its heap; Python workers want the rest."""
_LEAST_HEAP = 512 * MIB
"""Below this, Spark refuses to start: it keeps 300 MiB for itself and wants half as much again."""


class LocalSpark:
    """The engine of platform `local`."""

    # PySpark logs an exception with its Java stack as one line of JSON before raising it.
    noise = re.compile(r'\{"ts": .*"logger": "(DataFrame|SQL)QueryContextLogger"')

    def environment(self, folder: Scratch, settings: Settings) -> Mapping[str, str]:
        """Raises StepFailed, with the cure, when the installation has no usable Java."""
        heap = max(_LEAST_HEAP, int(settings.run_memory * _HEAP_SHARE))
        return prepare(
            folder.root / "spark",
            heap=heap,
            cores=settings.run_cores,
            java=_java(settings.java_home),
        )

    def explain(self, exit_: Exit, crash: Crash | None, context: Context) -> Failure | None:
        if (context.scratch / "spark" / OOM_MARKER).is_file():
            heap = int(context.limits.memory * _HEAP_SHARE)
            return failures.out_of_memory(max(_LEAST_HEAP, heap), "Spark's Java heap")
        return classify(crash, context) if crash is not None else None


def _java(configured: Path | None) -> Java:
    try:
        return find_java(configured)
    except JavaNotFound as error:
        raise StepFailed(
            Failure(
                kind=FailureKind.REQUEST,
                code="JAVA_MISSING",
                message="Spark cannot start: no Java is installed here that it can use.",
                hint=str(error),
            )
        ) from error
