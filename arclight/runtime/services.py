"""The processes that make an installation: the one list that `arclight up` and the deployment
manifests are checked against."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from arclight.contracts.names import Queue

RECONCILER = "reconciler"


@dataclass(frozen=True)
class Service:
    """One process. A worker consumes exactly one queue."""

    name: str
    module: str
    extra: str | None
    queue: Queue | None = None

    def command(self, python: str = sys.executable) -> Sequence[str]:
        """The command line, the same in every deployment."""
        if self.queue is None:
            return (python, "-m", self.module)
        return (python, "-m", "arclight.runtime.worker", self.queue)


SERVICES: Sequence[Service] = (
    Service("gateway", "services.gateway", "gateway"),
    Service("codegen", "services.codegen.tasks", "codegen", Queue.CODEGEN),
    Service("validator", "services.validator.tasks", "validator", Queue.VALIDATOR),
    Service("executor_spark", "services.executor_spark.tasks", "spark", Queue.EXECUTOR_SPARK),
    Service("executor_ray", "services.executor_ray.tasks", "ray", Queue.EXECUTOR_RAY),
    Service("notifier", "services.notifier.tasks", "notifier", Queue.NOTIFIER),
    Service(RECONCILER, "arclight.runtime.reconciler", None),
)
