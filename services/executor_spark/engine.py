"""Spark as its runner knows it: how one process of it is started."""

from pathlib import Path

from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.contracts.names import Way
from arclight.runtime.settings import Settings
from arclight.runtime.telemetry import logger
from arclight.sandbox.limits import Limits
from arclight.sandbox.runner.engine import Start
from arclight.sandbox.scratch import Scratch
from services.executor_spark.platforms import archive
from services.executor_spark.platforms.java import JavaNotFound, find_java
from services.executor_spark.platforms.spark_home import (
    INSIDE,
    MIB,
    Installation,
    classic_environment,
    install,
    runtime_trees,
)

log = logger()

NAME = "spark"

HEAP_SHARE = 0.5
"""Of the run's memory. A JVM takes about 300 MiB beside its heap; Python workers want the rest."""
LEAST_HEAP = 512 * MIB
"""Below this, Spark refuses to start: it keeps 300 MiB for itself and wants half as much again."""


def heap_of(memory: int) -> int:
    """Bytes of Java heap for a run that may use `memory` bytes."""
    return max(LEAST_HEAP, int(memory * HEAP_SHARE))


def spark_folder(root: Path) -> Path:
    """Where a slot keeps what belongs to its own Spark."""
    return root / "spark"


class SparkEngine:
    """A Spark of its own for each program."""

    name = NAME

    def __init__(self, config: Settings) -> None:
        self._config = config

    def installed(self) -> Installation:
        """Raises StepFailed, with the cure, when the installation has no usable Java."""
        try:
            java = find_java(self._config.java_home)
            return install(self._config.home_dir, java, self._config.prepared)
        except JavaNotFound as error:
            raise StepFailed(
                Failure(
                    kind=FailureKind.REQUEST,
                    code="JAVA_MISSING",
                    message="Spark cannot start: no Java is installed here that it can use.",
                    hint=str(error),
                )
            ) from error

    def improve(self) -> None:
        """Record the class archive, from which later starts profit. Blocks; once is enough."""
        try:
            archive.ensure(self.installed())
        except (archive.ArchiveFailed, OSError) as error:
            # Programs run without it, only slower.
            log.warning("no class archive", reason=str(error))

    def start(self, folder: Scratch, limits: Limits, way: Way, *, private_tmp: bool) -> Start:
        """Raises StepFailed without Java."""
        made = self.installed()
        own = spark_folder(folder.root)
        return Start(
            prepare=INSIDE / "classic.py" if way is Way.WARM else None,
            env=classic_environment(made, own, heap_of(limits.memory), limits.cores),
            runtime=runtime_trees(made),
        )
