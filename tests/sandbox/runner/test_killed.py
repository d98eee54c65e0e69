"""A runner that is killed takes every program with it and leaves nothing for long."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from arclight.contracts.failure import FailureKind, StepFailed
from arclight.runtime.services import without_secrets
from arclight.runtime.settings import Settings
from arclight.sandbox.runner.client import health
from arclight.sandbox.runner.paths import ground_of, socket_of
from tests.sandbox.runner.conftest import Executor

ROOT = Path(__file__).parents[3]
SERVE = """
from arclight.runtime.settings import settings
from arclight.sandbox.runner.main import serve
from tests.sandbox.running import PlainEngine, nothing
serve(PlainEngine(), nothing, one_shots=1, config=settings())
"""


def start(home: Path) -> subprocess.Popen[bytes]:
    env = {
        **os.environ,
        "ARCLIGHT_HOME": str(home),
        "ARCLIGHT_SCRATCH": str(home / "s"),
        "PYTHONPATH": str(ROOT),
    }
    with (home / "log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE], env=without_secrets(env), stdout=log, stderr=log
        )
    config = Settings(home=home, scratch=home / "s")
    end = time.monotonic() + 30
    while (found := health(socket_of(config, "plain"))) is None or not found.warm:
        assert process.poll() is None, (home / "log").read_text()
        assert time.monotonic() < end
        time.sleep(0.05)
    return process


@pytest.mark.faults
def test_kill_9_ends_all_programs_and_the_next_start_cleans_up(tmp_path: Path) -> None:
    config = Settings(home=tmp_path, scratch=tmp_path / "s")
    executor = Executor(config)
    process = start(tmp_path)
    family = psutil.Process(process.pid)
    failed: list[StepFailed] = []

    def ask() -> None:
        try:
            executor.ask("import time; time.sleep(600)")
        except StepFailed as error:
            failed.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    time.sleep(1.0)
    below = family.children(recursive=True)
    assert len(below) > 2
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    thread.join(10)

    assert [f.failure.kind for f in failed] == [FailureKind.INFRASTRUCTURE]
    assert failed[0].failure.code == "RUNNER_LOST"
    _, alive = psutil.wait_procs(below, timeout=10)
    assert alive == []

    second = start(tmp_path)
    assert executor.ask("print(42)").ended.stdout == "42"
    second.send_signal(signal.SIGTERM)
    second.wait(20)
    assert list(ground_of(config, "plain").iterdir()) == []


def test_a_runner_is_given_no_secret() -> None:
    environment = {
        "PATH": "/bin",
        "ARCLIGHT_HOME": "/h",
        "ARCLIGHT_REDIS_URL": "redis://:secret@h",
        "ARCLIGHT_API_KEYS": "k",
        "ARCLIGHT_WEBHOOK_SECRET": "w",
        "AWS_SECRET_ACCESS_KEY": "a",
    }
    assert set(without_secrets(environment)) == {"PATH", "ARCLIGHT_HOME"}
