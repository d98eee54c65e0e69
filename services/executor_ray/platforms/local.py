"""Ray on this machine: one for all programs of a trust domain, or one for a single program."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.sandbox.crash import Crash
from arclight.sandbox.limits import MIB, Limits
from arclight.sandbox.run_program import Context
from arclight.sandbox.runner.protocol import Ended
from arclight.sandbox.scratch import Scratch
from services.executor_ray.classify import classify
from services.executor_ray.platforms.needs import own_cage, own_ray

INSIDE = Path(__file__).resolve().parents[1] / "inside"

NOISE = re.compile(
    r"\d{4}-\S+ \S+\t?\s*(INFO|WARNING) "
    r"(authentication_token_setup|__init__|worker|streaming_executor|util|dataset)\.py:\d+ -- "
    r"(Token auth|Generated new|Progress bars|Started a local|Starting exec|Execution plan"
    r"|Connecting to existing|Connected to Ray|Using address|Tip: "
    r"|``DataContext.min_parallelism`` is deprecated|\S+\s+Dataset \S+ execution finished)"
)
"""Said at each start, about what we chose."""

OWN_LINES = re.compile(
    r"\[\d{4}-\d\d-\d\d [\d:,]+ [IWECF] \d+ \d+\] |\((raylet|gcs_server|autoscaler)\b[^)]*\) "
)
"""As Ray's C++ parts log, and as it prefixes what they say."""
_STORE_SHARE = 0.25
"""Of the run's memory, for the object store; what does not fit spills to the scratch folder."""
_LEAST_STORE = 80 * MIB
"""Ray refuses less than 75 MiB."""
_LONGEST_TMP = 38
"""Characters. Ray appends `/ray/session_<date>_<time>_<pid>/sockets/plasma_store`, 68 of them, and
a Unix socket's path may have 107."""
_PRIVATE_TMP = "/tmp/ray"
"""Short, and in memory, where /tmp is the cage's own."""
_IDLE_WORKERS = 8
"""Ray ends an idle worker after a second when there are more. Two for each of four drivers."""


def store_of(limits: Limits) -> int:
    """Bytes of the object store. It is mapped at once and takes memory only as it fills."""
    return max(_LEAST_STORE, int(limits.memory * _STORE_SHARE))


def memory_of(limits: Limits) -> int:
    """Bytes for tasks and actors that ask for some; Ray counts what they ask, not what they use."""
    return max(limits.memory - store_of(limits), _LEAST_STORE)


def ray_tmp(folder: Scratch, *, private_tmp: bool) -> str:
    """Folder of Ray's own files: sockets, logs, spilled objects.

    Raises StepFailed when its path is too long for sockets.
    """
    if private_tmp:
        return _PRIVATE_TMP
    tmp = str(folder.tmp)
    if len(tmp) > _LONGEST_TMP:
        raise _path_too_long(tmp)
    return tmp


def runtime_trees() -> tuple[Path, ...]:
    """What a cage must show read-only, beside Python and its packages."""
    return (INSIDE,)


def own_environment(folder: Scratch, limits: Limits, *, private_tmp: bool) -> Mapping[str, str]:
    """Of a process with a Ray of its own. Raises StepFailed for a path too long for sockets."""
    resources = {
        "CPU": limits.cores,
        "memory": memory_of(limits),
        "object_store_memory": store_of(limits),
    }
    return {
        **common_environment(limits),
        "RAY_TMPDIR": ray_tmp(folder, private_tmp=private_tmp),
        # Overrides what `ray.init()` would read off the machine, or be told by the program.
        "RAY_OVERRIDE_RESOURCES": json.dumps(resources),
    }


def common_environment(limits: Limits) -> Mapping[str, str]:
    """Of every process of Ray, drivers too."""
    return {
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_DISABLE_IMPORT_WARNING": "1",
        "RAY_DEDUP_LOGS": "1",
        "RAY_COLOR_PREFIX": "0",
        "RAY_DATA_DISABLE_PROGRESS_BARS": "1",
        # Ray cuts every small table into 200 blocks by default, which took 7 s for 1,000 rows.
        "RAY_DATA_DEFAULT_MIN_PARALLELISM": str(2 * limits.cores),
        # Despite its name: the node listens on the loopback address only.
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
        "RAY_TQDM": "0",
        # Our own watcher counts this run's memory; Ray's counts the whole machine's and kills
        # innocent workers when another run fills it.
        "RAY_memory_monitor_refresh_ms": "0",
        # Nobody reads these; the last two are written to the log every minute and ten seconds.
        "RAY_enable_metrics_collection": "0",
        "RAY_task_events_report_interval_ms": "0",
        "RAY_event_stats_print_interval_ms": "0",
        "RAY_debug_dump_period_milliseconds": "0",
        # A worker that is cleared away with its job before it has reported to Ray keeps its place
        # among those that start, by default one for each core, and for a minute. Two programs
        # that fail at once would let no other one begin for that long.
        "RAY_worker_register_timeout_seconds": "20",
        "RAY_worker_maximum_startup_concurrency": str(2 * limits.cores + 2),
        # By default workers give way to every other process, so that a first task waits for them.
        "RAY_worker_niceness": "0",
        "RAY_num_workers_soft_limit": str(_IDLE_WORKERS),
        # Ray remembers 100,000 actors that are gone.
        "RAY_maximum_gcs_destroyed_actor_cached_count": "100",
    }


class LocalRay:
    """The engine of platform `local`, as the executor reads its programs and their failures."""

    name = "ray"
    noise = NOISE
    own_lines = OWN_LINES

    def alone(self, program: str) -> str | None:
        return own_cage(program)

    def fresh(self, program: str) -> str | None:
        return own_ray(program)

    def explain(self, exit_: Ended, crash: Crash | None, context: Context) -> Failure | None:
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
