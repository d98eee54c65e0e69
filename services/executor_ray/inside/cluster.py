"""The Ray of a trust domain: started without what it can do without, asked for leftovers, removed.

Runs in the cage; standard library and Ray only.
"""

import contextlib
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ANSWER = 15.0
"""Seconds for Ray to say what a job left; it takes 0.1 s on an idle machine."""
_START = 60.0
"""Seconds for GCS and raylet; they take 0.3 s on an idle machine."""
_GONE = 3.0
"""Seconds for actors that were killed to be gone."""
SETTINGS = "ARCLIGHT_RAY"
"""JSON in the environment: `cpus`, `memory` and `store` in bytes, `tmp`, and in `sweep` the folders
that only programs of this cage write to, where what ended jobs left is removed."""

_HERE = Path(__file__).parent


class NoStart(Exception):
    """Ray did not start; the message says what it said."""


@dataclass(frozen=True)
class Ray:
    """A running Ray: its own processes by name, and what a driver needs in its environment."""

    pids: Mapping[int, str]
    environment: Mapping[str, str]
    session: Path
    said: Mapping[str, str]
    sweep: tuple[str, ...]
    """Folders where what ended jobs left is removed."""
    kept: frozenset[Path]
    """What stays in them: Ray's own."""
    keys: frozenset[bytes]
    """Ray's own keys in its store."""


def settings() -> dict[str, Any]:
    return dict(json.loads(os.environ[SETTINGS]))


Fork = Callable[[Callable[[], Any]], tuple[int, int]]
"""Of processes.py: a child's pid, and the descriptor that brings its answer."""


AllKeys = Callable[[Any], set[bytes]]
Clear = Callable[[Any, frozenset[bytes], Callable[[str], bool]], int]
"""Both of keys.py; a store is Ray's GCS client."""


def start(fork: Fork, slim: Callable[[], None], all_keys: AllKeys) -> Ray:
    """Start GCS and raylet as children of this process, after `slim`. Raises NoStart.

    This process imports Ray, so that later children have it at hand, but never connects: the
    threads of a connection would not survive a fork.
    """
    environment = {
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": secrets.token_hex(32),
        "RAY_USAGE_STATS_ENABLED": "0",
        # Despite its name: the loopback address is taken for what it is.
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    }
    os.environ.update(environment)
    import ray  # noqa: F401

    tmp = Path(settings()["tmp"])
    pid, reply = fork(lambda: _start(str(tmp), slim, all_keys))
    said = _answer(pid, reply)
    environment["RAY_ADDRESS"] = said["address"]
    pids = {int(key): name for key, name in said["pids"].items()}
    session = Path(said["session"])
    brief = {key: said[key] for key in ("address", "session", "version")}
    sweep = tuple(settings().get("sweep", ()))
    kept = frozenset(Path(path) for path in [*said["mapped"], str(tmp)])
    keys = frozenset(bytes.fromhex(key) for key in said["keys"])
    return Ray(pids, environment, session, brief, sweep, kept, keys)


def _answer(pid: int, reply: int) -> dict[str, Any]:
    import select

    data = bytearray()
    deadline = time.monotonic() + _START
    with contextlib.closing(os.fdopen(reply, "rb", buffering=0)) as file:
        while select.select([file], [], [], max(0.0, deadline - time.monotonic()))[0]:
            piece = file.read(65536)
            if not piece:
                break
            data += piece
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    if not data:
        raise NoStart("Ray did not start; its last words are on standard error.")
    return dict(json.loads(bytes(data)))


def _start(tmp: str, slim: Callable[[], None], all_keys: AllKeys) -> dict[str, Any]:
    import ray
    from ray._private import node
    from ray._private.parameter import RayParams

    slim()
    chosen = settings()
    head: Any = node.Node(
        RayParams(
            node_ip_address="127.0.0.1",
            num_cpus=chosen["cpus"],
            memory=chosen["memory"],
            object_store_memory=chosen["store"],
            include_dashboard=False,
            temp_dir=tmp,
            # Short: a Unix socket's path may have 107 characters.
            session_name=f"s{os.getpid()}",
            worker_path=str(_HERE / "worker.py"),
            _system_config={},
        ),
        head=True,
        shutdown_at_exit=False,
        spawn_reaper=False,
    )
    Path(head.get_session_dir_path(), "jobs").mkdir()
    running = {process.pid: name for name, process in head.live_processes()}
    return {
        "address": head.gcs_address,
        "session": head.get_session_dir_path(),
        "version": ray.__version__,
        "pids": running | _agents(running),
        "mapped": _stores(),
        "keys": [key.hex() for key in all_keys(_store(head.gcs_address))],
    }


def _stores() -> list[str]:
    """Ray's object store unlinks its file at once; this is what is there before any program."""
    return [entry.path for entry in os.scandir("/dev/shm")]


def _agents(running: Mapping[int, str]) -> dict[int, str]:
    raylet = next(pid for pid, name in running.items() if name == "raylet")
    children = Path(f"/proc/{raylet}/task/{raylet}/children")
    found: set[int] = set()
    for task in Path(f"/proc/{raylet}/task").iterdir():
        with contextlib.suppress(OSError):
            found.update(int(pid) for pid in (task / children.name).read_text().split())
    return dict.fromkeys(found, "agent")


def _store(address: str) -> Any:
    from ray import _raylet

    return vars(_raylet)["GcsClient"](address=address)


def clean(ray_: Ray, drivers: list[int], clear: Clear) -> dict[str, Any]:
    """In a child: end actors and placement groups of every job whose driver is not in `drivers`,
    and remove what they stored. `left` counts what could not be cleared."""
    import ray

    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    ray.init(
        address=ray_.environment["RAY_ADDRESS"],
        namespace="arclight",
        log_to_driver=False,
        configure_logging=False,
    )
    core = _core()
    jobs = _jobs(drivers)
    ended: set[bytes] = set()
    give_up_at = time.monotonic() + _GONE
    left = 1
    while left and time.monotonic() < give_up_at:
        left = 0
        for actor in _leftover_actors(jobs):
            left += 1
            ended.add(actor.actor_id)
            with contextlib.suppress(ValueError):  # Died by itself in the meantime.
                core.get_named_actor_handle(actor.name, actor.ray_namespace)
                core.kill_actor(ray.ActorID(actor.actor_id), True)
        for group in _leftover_groups(jobs):
            left += 1
            ended.add(group.placement_group_id)
            core.remove_placement_group(ray.PlacementGroupID(group.placement_group_id))
        if left:
            time.sleep(0.02)
    left += clear(
        _store(ray_.environment["RAY_ADDRESS"]),
        ray_.keys,
        lambda job: _left(bytes.fromhex(job), jobs),
    )
    live, newest = jobs
    return {
        "actors": len(ended),
        "left": left,
        "live_jobs": [job.hex() for job in live],
        "newest": newest,
    }


Jobs = tuple[set[bytes], int]
"""Those with a live driver, and the number of the newest one there is."""


def _core() -> Any:
    from ray._private import worker

    return vars(worker.global_worker)["core_worker"]


def _messages() -> Any:
    """Ray's generated module of messages; its contents are made at run time."""
    from ray.core.generated import gcs_pb2

    return gcs_pb2


def _accessor() -> Any:
    from ray._private import state

    return state.state._connect_and_get_accessor()


def _jobs(drivers: list[int]) -> Jobs:
    gcs_pb2 = _messages()
    table = [gcs_pb2.JobTableData.FromString(data) for data in _accessor().get_job_table()]
    live = {job.job_id for job in table if not job.is_dead and job.driver_pid in drivers}
    return live, max(int.from_bytes(job.job_id, "little") for job in table)


def _leftover_actors(jobs: Jobs) -> Iterator[Any]:
    gcs_pb2 = _messages()
    for data in _accessor().get_actor_table(None, None):
        actor = gcs_pb2.ActorTableData.FromString(data)
        if actor.state != gcs_pb2.ActorTableData.DEAD and _left(actor.job_id, jobs):
            yield actor


def _leftover_groups(jobs: Jobs) -> Iterator[Any]:
    gcs_pb2 = _messages()
    for data in _accessor().get_placement_group_table():
        group = gcs_pb2.PlacementGroupTableData.FromString(data)
        gone = gcs_pb2.PlacementGroupTableData.REMOVED
        if group.state != gone and _left(group.creator_job_id, jobs):
            yield group


def _left(job: bytes, jobs: Jobs) -> bool:
    """A job that began after the list was made is none of ours."""
    live, newest = jobs
    return job not in live and int.from_bytes(job, "little") <= newest
