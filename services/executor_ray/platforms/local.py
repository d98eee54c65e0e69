"""Ray on this machine: a head of its own for each run, below the run's scratch folder."""

import json
import re
from collections.abc import Mapping

from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.runtime.settings import Settings
from arclight.sandbox.crash import Crash
from arclight.sandbox.launch import Exit
from arclight.sandbox.run_program import Context
from arclight.sandbox.scratch import Scratch
from services.executor_ray.classify import classify

MIB = 1024**2

_STORE_SHARE = 0.25
"""Of the run's memory, for the object store; what does not fit spills to the scratch folder."""
_LEAST_STORE = 80 * MIB
"""Ray refuses less than 75 MiB."""
_LONGEST_TMP = 38
"""Characters. Ray appends `/ray/session_<date>_<time>_<pid>/sockets/plasma_store`, 68 of them, and
a Unix socket's path may have 107."""


class LocalRay:
    """The engine of platform `local`. The program's own `ray.init()` starts it."""

    # Said at each start, about what we chose.
    noise = re.compile(
        r"\d{4}-\S+ \S+\t?\s*(INFO|WARNING) "
        r"(authentication_token_setup|__init__|worker|streaming_executor|util)\.py:\d+ -- "
        r"(Token auth|Generated new|Progress bars|Started a local|Starting exec|Execution plan"
        r"|``DataContext.min_parallelism`` is deprecated)"
    )

    def environment(self, folder: Scratch, settings: Settings) -> Mapping[str, str]:
        """Raises StepFailed when the scratch folder's path is too long for Ray's sockets."""
        tmp = str(folder.tmp)
        if len(tmp) > _LONGEST_TMP:
            raise _path_too_long(tmp)
        store = max(_LEAST_STORE, int(settings.run_memory * _STORE_SHARE))
        resources = {
            "CPU": settings.run_cores,
            "memory": settings.run_memory - store,
            "object_store_memory": store,
        }
        return {
            "RAY_TMPDIR": tmp,
            # Overrides what `ray.init()` would read off the machine, or be told by the program.
            "RAY_OVERRIDE_RESOURCES": json.dumps(resources),
            "RAY_USAGE_STATS_ENABLED": "0",
            "RAY_DISABLE_IMPORT_WARNING": "1",
            "RAY_DEDUP_LOGS": "1",
            "RAY_COLOR_PREFIX": "0",
            "RAY_DATA_DISABLE_PROGRESS_BARS": "1",
            # Ray cuts every small table into 200 blocks by default, which took 7 s for 1,000 rows.
            "RAY_DATA_DEFAULT_MIN_PARALLELISM": str(2 * settings.run_cores),
            # Despite its name: the node listens on the loopback address only.
            "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
            "RAY_TQDM": "0",
            # Our own watcher counts this run's memory; Ray's counts the whole machine's and kills
            # innocent workers when another run fills it.
            "RAY_memory_monitor_refresh_ms": "0",
        }

    def explain(self, exit_: Exit, crash: Crash | None, context: Context) -> Failure | None:
        return classify(crash, context) if crash is not None else None


def _path_too_long(path: str) -> StepFailed:
    return StepFailed(
        Failure(
            kind=FailureKind.REQUEST,
            code="SCRATCH_PATH_TOO_LONG",
            message=f"Ray cannot run below {path}: its socket names would be too long.",
            hint="Set ARCLIGHT_SCRATCH to a folder with a path of at most 20 characters.",
        )
    )
