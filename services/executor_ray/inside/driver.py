"""A driver process of a shared Ray: connected before its program comes.

Loaded by the cage's main program. The program's own `ray.init()` finds the connection made; what it
asks for that only a Ray of its own could give (`num_cpus`, …) does not count. Standard library, Ray
and pyarrow only.
"""

import atexit
import contextlib
import functools
import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

_OF_THE_JOB = ("namespace", "runtime_env", "job_config", "logging_config")
"""Arguments of `ray.init()` that need a new connection, because they belong to the job."""
_OF_THE_CONNECTION = (*_OF_THE_JOB, "ignore_reinit_error", "logging_level", "configure_logging")
"""Arguments that Ray takes when it connects to a Ray that is there."""
_EVERY = 0.25
"""Seconds between two looks at the tasks: four a second are promised at most."""
_LOGS_EVERY = 0.1
"""Seconds between two looks at the workers' output, as often as Ray's own log monitor."""
_IN_WORKERS = ("HOME", "TMPDIR", "TMP", "TEMP", "TZ", "LANG")
"""What workers take over of the driver's environment, besides its folder."""

_STAND_INS = Path("..", "program", "tables")
"""Where a rehearsal's tables lie, seen from the folder that the program runs in."""

_state: dict[str, Any] = {}
_connection = threading.RLock()
"""Held while Ray is asked from beside the program, and while it is left."""


def prepare() -> dict[str, str | int]:
    """Connect, have one worker ready that has imported what the programs import."""
    import ray

    original = ray.init
    take_over()
    _state["context"] = _connect(original, {"logging_level": "warning"})
    worker = _warm_worker()
    import_tables()  # While the worker starts.
    ray.get(worker)
    _state["counter"].submitted = 0
    return {"ray_job": _state["job"], "ray": ray.__version__}


def take_over() -> None:
    """From now on `ray.init()` and `ray.shutdown()` are ours."""
    import ray
    from ray._private import worker

    _state["original"] = ray.init
    atexit.unregister(ray.shutdown)
    ray.shutdown = worker.shutdown = functools.wraps(ray.shutdown)(_shut(ray.shutdown))
    ray.init = worker.init = functools.wraps(ray.init)(_init)
    _state["counter"] = _count_submissions()
    atexit.register(_last_words)


def progress(send: Callable[[dict[str, int]], None]) -> None:
    """Start to pass on what workers print, and to count tasks."""
    if _STAND_INS.is_dir():
        # Ray Data reads this when the program imports it. Each further block of a table is one
        # more process to start, and in a rehearsal no table is large.
        os.environ["RAY_DATA_DEFAULT_MIN_PARALLELISM"] = "1"
    tail = _Tail()
    _state["tail"] = tail
    threading.Thread(target=tail.run, name="worker-output", daemon=True).start()
    threading.Thread(target=_count, args=(send,), name="progress", daemon=True).start()


def finish() -> None:
    """Remember that the program ended well: the process then ends at once, and Ray notices."""
    _state["well"] = True


def _last_words() -> None:
    """Pass on the rest of what the workers printed. Unless the process is ended at once, leave Ray:
    an interpreter that is taken down with a connection open now and then dies of a signal."""
    import ray

    tail = _state.pop("tail", None)
    if tail is not None:
        tail.stop()
    if not _state.get("well"):
        with contextlib.suppress(Exception):
            ray.shutdown()


def _connect(original: Callable[..., Any], options: dict[str, Any]) -> Any:
    """To the shared Ray that the environment names; without one, start a Ray of our own."""
    address = os.environ.get("RAY_ADDRESS")
    if address is None:
        context = original(**options, include_dashboard=False, log_to_driver=False)
    else:
        options.setdefault("namespace", f"driver-{os.getpid()}")
        context = original(address=address, log_to_driver=False, **options)
    _leave_note(shared=address is not None)
    return context


def _leave_note(*, shared: bool) -> None:
    """For the workers of this job, which have not started yet. Those of our own Ray need none."""
    import ray

    job = ray.get_runtime_context().get_job_id()
    node: Any = ray._private.worker._global_node
    # Asked here because each thread has an id of its own, and the program's tasks are this one's.
    task = vars(ray._private.worker.global_worker)["core_worker"].get_current_task_id()
    _state.update(job=job, task=task, logs=node.get_logs_dir_path())
    if not shared:
        return
    path = Path(node.get_session_dir_path(), "jobs", f"job-{job}.json")
    environment = {name: os.environ[name] for name in _IN_WORKERS if name in os.environ}
    partial = path.with_suffix(".part")
    partial.write_text(json.dumps({"cwd": os.getcwd(), "environment": environment}))
    partial.replace(path)


def import_tables() -> None:
    import pyarrow.compute
    import pyarrow.csv
    import pyarrow.dataset
    import pyarrow.parquet  # noqa: F401


def _warm_worker() -> Any:
    import ray

    def warm() -> None:
        import pyarrow.compute
        import pyarrow.csv
        import pyarrow.dataset
        import pyarrow.parquet  # noqa: F401

    # Sent by value: the worker cannot import this file.
    warm.__module__ = "__main__"
    return ray.remote(warm).remote()


def _init(*arguments: Any, **options: Any) -> Any:
    """In place of `ray.init()`."""
    import ray

    if arguments:
        options["address"] = arguments[0]
    if options.pop("log_to_driver", True) is False and "tail" in _state:
        _state["tail"].silent = True
    context = _state.pop("context", None)
    wanted = {name: options[name] for name in _OF_THE_CONNECTION if options.get(name) is not None}
    if not ray.is_initialized():
        return _connect(_state["original"], wanted)
    if context is None:
        return _state["original"](*arguments, **options)
    if any(name in wanted for name in _OF_THE_JOB):
        ray.shutdown()
        return _connect(_state["original"], wanted)
    return context


def _shut(original: Callable[..., None]) -> Callable[..., None]:
    """In place of `ray.shutdown()`: not while tasks are being counted, which would end the process;
    and without Ray's half a second at the interpreter's end for output, which is passed on here."""

    def shutdown(**options: Any) -> None:
        if "tail" in _state:
            _state["tail"].pass_on()
        with _connection:
            original(**options | {"_exiting_interpreter": False})

    return shutdown


class _Counter:
    """Tasks that the driver has submitted since the program began."""

    def __init__(self) -> None:
        self.submitted = 0
        self._lock = threading.Lock()

    def counted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def submit(*arguments: Any, **options: Any) -> Any:
            with self._lock:
                self.submitted += 1
            return function(*arguments, **options)

        return submit


def _count_submissions() -> _Counter:
    """Ray's event log of tasks belongs to its dashboard; so the two doors of submission count."""
    from ray.actor import ActorHandle
    from ray.remote_function import RemoteFunction

    counter = _Counter()
    doors: tuple[tuple[Any, str], ...] = (
        (RemoteFunction, "_remote"),
        (ActorHandle, "_actor_method_call"),
    )
    for owner, name in doors:
        setattr(owner, name, counter.counted(getattr(owner, name)))
    return counter


def _count(send: Callable[[dict[str, int]], None]) -> None:
    import time

    said = None
    while True:
        time.sleep(_EVERY)
        submitted = _state["counter"].submitted
        with contextlib.suppress(Exception):
            numbers = {"tasks": submitted, "tasks_done": max(0, submitted - _pending())}
            if submitted and numbers != said:
                send(numbers)
                said = numbers


def _pending() -> int:
    from ray._private.worker import global_worker

    with _connection:
        if not global_worker.connected:
            return 0
        core = vars(global_worker)["core_worker"]
        return len(core.get_pending_children_task_ids(_state["task"]))


class _Tail:
    """Prints what the job's workers print, as Ray's log monitor would have it printed."""

    _MARKS = (b":job_id:", b":task_name:", b":actor_name:")

    def __init__(self) -> None:
        self.silent = False
        self._lock = threading.Lock()
        self._read: dict[str, int] = {}
        self._names: dict[str, str] = {}
        self._rest: dict[str, bytes] = {}
        self._stop = threading.Event()
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._stop.wait(_LOGS_EVERY):
            self.pass_on()
        self.pass_on()
        self._ended.set()

    def stop(self) -> None:
        """Until the rest is out; at most 0.5 s, for a program whose workers print for ever."""
        self._stop.set()
        self._ended.wait(0.5)

    def pass_on(self) -> None:
        """All there is by now."""
        with self._lock, contextlib.suppress(OSError, KeyError):
            for entry in os.scandir(_state["logs"]):
                if f"-{_state['job']}-" in entry.name and entry.name.startswith("worker-"):
                    self._file(entry)

    def _file(self, entry: os.DirEntry[str]) -> None:
        start = self._read.get(entry.path, 0)
        if entry.stat().st_size == start:
            return
        with open(entry.path, "rb") as file:
            file.seek(start)
            data = file.read(1024 * 1024)
        self._read[entry.path] = start + len(data)
        lines = (self._rest.pop(entry.path, b"") + data).split(b"\n")
        self._rest[entry.path] = lines.pop()
        stream = sys.stderr if entry.name.endswith(".err") else sys.stdout
        for line in lines:
            self._line(entry, line, stream)

    def _line(self, entry: os.DirEntry[str], line: bytes, stream: Any) -> None:
        for mark in self._MARKS:
            if line.startswith(mark):
                self._names[entry.path] = line[len(mark) :].decode(errors="replace")
                return
        if self.silent:
            return
        pid = entry.name.rpartition(".")[0].rpartition("-")[2]
        name = self._names.get(entry.path, "")
        text = line.decode(errors="replace")
        stream.write(f"({name} pid={pid}) {text}\n" if name else f"(pid={pid}) {text}\n")
        stream.flush()
