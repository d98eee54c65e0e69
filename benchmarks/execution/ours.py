"""`arclight up` as a user starts it, and jobs from `POST` to answer through its gateway."""

import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from arclight.cli.stack.home import Home
from arclight.client import Client, JobView
from arclight.runtime.settings import Settings
from arclight.sandbox.runner.client import health
from arclight.sandbox.runner.paths import socket_of
from benchmarks.execution import data
from benchmarks.execution.data import Input
from benchmarks.execution.processes import DidNotWork, environment, free_port, running

PATIENCE = 600.0
"""Seconds for one job. One that takes longer has no figure worth printing."""
SETTLE = 120.0
"""Seconds for the engines to be warm again: a refill of the pools takes ten."""


@dataclass
class Stack:
    """One that runs."""

    settings: Settings
    home: Home
    process: psutil.Process
    ready: float
    """Seconds from its start until it said that it is ready."""
    sources: dict[str, tuple[str, str]]
    ways: dict[str, set[str]] = field(default_factory=dict)
    """By kind of job: the ways that its programs took."""

    def job(self, framework: str, given: Input, isolation: str = "shared") -> float:
        """Seconds from `POST` until the answer is there. Raises DidNotWork, WrongAnswer."""
        source, uri = self.source(given)
        text = data.program(framework, uri)
        with self._client() as client:
            began = time.perf_counter()
            posted = client.submit(
                program=text, sources=[source], framework=framework, isolation=isolation
            )
            ended = client.wait(posted.id, PATIENCE)
            seconds = time.perf_counter() - began
            self._look_at(client, ended, given, f"{framework} {isolation}")
        return seconds

    def burst(self, framework: str, given: Input, jobs: int) -> list[float]:
        """Seconds of each of some jobs that arrive at once."""
        self.source(given)
        with ThreadPoolExecutor(jobs) as pool:
            return list(pool.map(lambda _: self.job(framework, given), range(jobs)))

    def settle(self) -> None:
        """Wait until everything that is to be warm is. Raises DidNotWork."""
        give_up = time.monotonic() + SETTLE
        for engine in ("spark", "ray"):
            while not ((said := health(socket_of(self.settings, engine))) and said.warm):
                if time.monotonic() > give_up:
                    raise DidNotWork(f"The runner of {engine} is not warm: {said}.")
                time.sleep(0.2)

    def source(self, given: Input) -> tuple[str, str]:
        """Id and address of the input, which is uploaded once."""
        if given.size not in self.sources:
            with self._client() as client:
                sent = client.upload(given.path)
            uri = (sent.model_extra or {})["uri"]
            self.sources[given.size] = sent.id, str(uri)
        return self.sources[given.size]

    def _look_at(self, client: Client, job: JobView, given: Input, kind: str) -> None:
        if job.state != "succeeded" or job.result is None:
            raise DidNotWork(f"{kind}, {given.size}: {job.state}, {job.error}")
        data.check_rows(list(job.result.preview), given)
        facts = client.attempt(job.id, 1).runs[-1].facts
        if facts is not None and facts.way is not None:
            self.ways.setdefault(kind, set()).add(facts.way)

    def _client(self) -> Client:
        return Client(f"http://127.0.0.1:{self.settings.port}", self.home.api_key() or "")


@dataclass
class Installation:
    """A home on which stacks run one after another, with the default settings."""

    folder: Path
    """Short: sockets lie below it, whose paths have at most 107 bytes."""
    sources: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Id and address of each uploaded input, by its size."""

    @contextmanager
    def up(self, *, lazy: bool = False) -> Iterator[Stack]:
        """A stack that has just got ready. Raises DidNotWork."""
        settings = Settings(home=self.folder / "home", scratch=self.folder / "s", port=free_port())
        home = Home(settings.home_dir)
        command = [sys.executable, "-m", "arclight.cli", "up", "--home", str(home.path)]
        command += ["--port", str(settings.port), *(["--lazy"] if lazy else [])]
        env = environment(ARCLIGHT_SCRATCH=str(settings.scratch_dir))
        log = self.folder / "up.log"
        began = time.perf_counter()
        with running(command, env, log, lambda: home.running() is not None) as process:
            ready = time.perf_counter() - began
            yield Stack(settings, home, process, ready, self.sources)
