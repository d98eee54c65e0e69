"""The processes that make an installation: the one list that `arclight up` and the deployment
manifests are checked against."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from arclight.contracts.names import Queue

RECONCILER = "reconciler"


@dataclass(frozen=True)
class Service:
    """One process. A worker consumes exactly one queue; a runner holds the programs of an executor,
    lives beside it in the same image, and knows no secret."""

    name: str
    module: str
    extra: str | None
    queue: Queue | None = None
    runner: str | None = None
    """Name of the engine whose programs it holds."""

    def command(self, python: str = sys.executable) -> Sequence[str]:
        """The command line, the same in every deployment."""
        if self.queue is None:
            return (python, "-m", self.module)
        return (python, "-m", "arclight.runtime.worker", self.queue)


SERVICES: Sequence[Service] = (
    Service("gateway", "services.gateway", "gateway"),
    Service("codegen", "services.codegen.tasks", "codegen", Queue.CODEGEN),
    Service("validator", "services.validator.tasks", "validator", Queue.VALIDATOR),
    Service("runner_spark", "services.executor_spark.runner", "spark", runner="spark"),
    Service("executor_spark", "services.executor_spark.tasks", "spark", Queue.EXECUTOR_SPARK),
    Service("runner_ray", "services.executor_ray.runner", "ray", runner="ray"),
    Service("executor_ray", "services.executor_ray.tasks", "ray", Queue.EXECUTOR_RAY),
    Service("notifier", "services.notifier.tasks", "notifier", Queue.NOTIFIER),
    Service(RECONCILER, "arclight.runtime.reconciler", None),
)


_SECRETS = frozenset({"ARCLIGHT_REDIS_URL", "ARCLIGHT_API_KEYS", "ARCLIGHT_WEBHOOK_SECRET"})
_PLAIN = frozenset({"PATH", "HOME", "LANG", "TZ", "PYTHONPATH", "PYTHONSAFEPATH", "COVERAGE_FILE"})


def without_secrets(environment: Mapping[str, str]) -> Mapping[str, str]:
    """What a runner may know of an environment: its settings, and what Python itself needs."""
    return {
        name: value
        for name, value in environment.items()
        if name in _PLAIN or (name.startswith("ARCLIGHT_") and name not in _SECRETS)
    }
