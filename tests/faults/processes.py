"""Real processes around a real Valkey: workers, reconciler; started, killed, started again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil

from arclight.contracts.names import Queue
from arclight.runtime.settings import Settings

RUNNERS = {
    Queue.EXECUTOR_SPARK: "services.executor_spark.runner",
    Queue.EXECUTOR_RAY: "services.executor_ray.runner",
}


class Processes:
    """Every process of one test; `stop` leaves none."""

    def __init__(self, config: Settings, hold: Path, gateway_port: int) -> None:
        self.hold = hold
        self.gateway_port = gateway_port
        self._logs = config.home_dir / "logs"
        self._logs.mkdir(parents=True)
        self._env = {
            **os.environ,
            **environment(config),
            "ARCLIGHT_PORT": str(gateway_port),
            "HOLD": str(hold),
        }
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, *command: str) -> None:
        with (self._logs / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-m", *command],
                env=self._env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def worker(self, queue: Queue) -> None:
        """A worker that can be held."""
        self._runner_of(queue)
        self.start(queue, "tests.faults.paused_worker", queue)

    def unheld(self, queue: Queue) -> None:
        """A worker of the same kind that is never held."""
        self._runner_of(queue)
        self.start(queue, "arclight.runtime.worker", queue)

    def _runner_of(self, queue: Queue) -> None:
        """An executor's runner, which outlives it."""
        name = f"runner of {queue}"
        if queue in RUNNERS and name not in self._running:
            self.start(name, RUNNERS[queue])

    def reconciler(self) -> None:
        self.start("reconciler", "arclight.runtime.reconciler")

    def kill(self, name: str) -> None:
        """SIGKILL to the process and to everything below it, as a lost machine would."""
        process = self._running.pop(name)
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(True)]
        for member in family:
            member.send_signal(signal.SIGKILL)
        process.wait(10)
        psutil.wait_procs(family, 10)

    def hold_at(self, moment: str) -> None:
        self.hold.with_suffix(f".{moment}").touch()

    def release(self) -> None:
        for moment in ("before", "after", "reached"):
            self.hold.with_suffix(f".{moment}").unlink(missing_ok=True)

    def wait_until_held(self, seconds: float = 90) -> None:
        wait_for(self.hold.with_suffix(".reached").exists, seconds, self.logs)

    def logs(self) -> str:
        tails = [f"--- {p.name}\n{p.read_text()[-2000:]}" for p in sorted(self._logs.iterdir())]
        return "\n".join(tails)

    def stop(self) -> None:
        self.release()
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def environment(config: Settings) -> Mapping[str, str]:
    """The settings of a test as the variables that a process reads them from."""
    return {
        "ARCLIGHT_HOME": str(config.home),
        "ARCLIGHT_REDIS_URL": config.redis_url,
        "ARCLIGHT_NAMESPACE": config.namespace,
        "ARCLIGHT_LEASE": "PT3S",
        "ARCLIGHT_HEARTBEAT": "PT1S",
        "ARCLIGHT_CANCEL_POLL": "PT0.2S",
        "ARCLIGHT_RECONCILE_EVERY": "PT0.2S",
        "ARCLIGHT_RESEND_AFTER": "PT1S",
        "ARCLIGHT_WEBHOOK_ALLOW_PRIVATE": "true",
        # Nothing is warmed for the one program of a test.
        "ARCLIGHT_LAZY": "true",
    }


def wait_for(true: Callable[[], object], seconds: float, said: Callable[[], str]) -> None:
    """Poll until `true`; fail with what the processes said."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, said()
        time.sleep(0.05)
