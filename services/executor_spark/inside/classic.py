"""A Spark of the process's own, started before the program is known.

`SparkSession.builder.appName(…).getOrCreate()` in the program then finds this session.
"""

import contextlib
import importlib.util
import logging
import threading
import time
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

TICK = 0.25
"""Seconds between two looks at the progress."""


def prepare() -> dict[str, str | int]:
    """Start Spark and run one query of the usual shape, in a session that is then dropped."""
    from pyspark.sql import SparkSession
    from pyspark.sql import functions as F

    spark: Any = SparkSession.builder.getOrCreate()
    warm = _sibling("warm")
    other = spark.newSession()
    warm.warm(other)
    # One worker process of Spark's Python daemon (75 MB): programs with Python functions come here.
    other.range(0, 2, 1, 1).select(F.udf(lambda n: n, "long")("id")).collect()
    spark.range(1).collect()
    spark._jvm.java.lang.System.gc()
    _do_not_report_the_end_of_java()
    java = spark.sparkContext._gateway.proc
    return {"engine": spark.version, "java": java.pid}


def progress(send: Callable[[dict[str, int]], None]) -> None:
    """Tell of stages and tasks from now on, from a thread, when there is something new."""
    global _watcher
    _watcher = Watcher()
    threading.Thread(target=_watcher.follow, args=(send,), name="progress", daemon=True).start()


def finish() -> None:
    """End Java at once: a program that ended well has written all there is to write."""
    from pyspark import SparkContext

    if _watcher is not None:
        _watcher.stop()
    gateway: Any = SparkContext._gateway
    java = getattr(gateway, "proc", None)
    if java is not None:
        # PySpark would log what it can no longer tell Java, after the program's last word.
        logging.disable(logging.CRITICAL)
        java.kill()
        with contextlib.suppress(Exception):
            java.wait(0.5)


def _do_not_report_the_end_of_java() -> None:
    """PySpark's server for accumulators prints a traceback when Java closes its connection."""
    from pyspark import accumulators as pyspark_accumulators

    accumulators: Any = pyspark_accumulators
    accumulators.AccumulatorTCPServer.handle_error = lambda *_: None


class Watcher:
    """Counts the stages and tasks of the jobs that Spark starts from now on."""

    def __init__(self) -> None:
        self._asking = threading.Lock()
        self._over = False
        self._context: Any = None
        self._next = 0
        self._running: dict[int, list[int]] = {}
        self._stages: dict[tuple[int, int], tuple[int, int]] = {}
        self._done: set[tuple[int, int]] = set()
        self._round = 0
        self._look()
        self._stages.clear()
        self._done.clear()

    def follow(self, send: Callable[[dict[str, int]], None]) -> None:
        last: dict[str, int] = {}
        while not self._over:
            time.sleep(TICK)
            # Spark may be stopped, or stopping, or dead: that is the program's business.
            with self._asking, contextlib.suppress(Exception):
                if not self._over:
                    self._look()
            now = self.numbers()
            if now != last and now["stages"]:
                last = now
                send(now)

    def stop(self) -> None:
        """Ask no more: a Java that dies over a question makes PySpark print a traceback."""
        self._over = True
        if self._asking.acquire(timeout=0.5):
            self._asking.release()

    def numbers(self) -> dict[str, int]:
        return {
            "stages": len(self._stages),
            "stages_done": len(self._done),
            "tasks": sum(tasks for tasks, _ in self._stages.values()),
            "tasks_done": sum(done for _, done in self._stages.values()),
        }

    def _look(self) -> None:
        from pyspark import SparkContext

        context: Any = SparkContext._active_spark_context
        if context is None:
            return
        if context is not self._context:
            self._context, self._next, self._round = context, 0, self._round + 1
            self._running.clear()
        tracker = context.statusTracker()
        while (job := tracker.getJobInfo(self._next)) is not None:
            self._running[self._next] = list(job.stageIds)
            self._next += 1
        for number, stages in list(self._running.items()):
            job = tracker.getJobInfo(number)
            over = job is None or job.status in ("SUCCEEDED", "FAILED")
            for stage in stages:
                self._count(tracker, stage, over)
            if over:
                del self._running[number]

    def _count(self, tracker: Any, stage: int, over: bool) -> None:
        key = (self._round, stage)
        if key in self._done:
            return
        info = tracker.getStageInfo(stage)
        if info is None:  # Not started; when its job is over, skipped: its result was there.
            return
        self._stages[key] = (info.numTasks, min(info.numTasks, info.numCompletedTasks))
        if over or info.numCompletedTasks >= info.numTasks:
            self._done.add(key)


_watcher: Watcher | None = None


def _sibling(name: str) -> types.ModuleType:
    path = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"_arclight_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
