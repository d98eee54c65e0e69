"""`arclight up`: nothing is left behind, whatever ends it."""

import signal
import subprocess
import sys
from pathlib import Path

import httpx
import psutil
import pytest

from arclight.cli.stack import tree
from tests.stack.running import Up, eventually, mentions, up

pytestmark = pytest.mark.stack

SLEEPS = "import time\nimport ray\nprint('asleep', flush=True)\ntime.sleep(600)\n"


def main_process(stack: Up, service: str) -> psutil.Process:
    """The worker that `up` started for this queue."""
    return next(
        p
        for p in psutil.Process(stack.process.pid).children()
        if p.cmdline()[-2:] == ["arclight.runtime.worker", service]
    )


def test_a_killed_worker_comes_back_and_sigterm_leaves_nothing(tmp_path: Path) -> None:
    with up(tmp_path, "--flower", "--lazy") as stack:
        # Given a stack whose Flower asks for its password
        text = stack.said.read_text()
        flower = next(line for line in text.splitlines() if line.startswith("Flower"))
        address = flower.split()[3].rstrip(",")
        password = flower.split()[-1]
        assert httpx.get(address, trust_env=False).status_code == 401
        auth = ("arclight", password)
        assert httpx.get(address, auth=auth, trust_env=False).status_code == 200
        # and a second start that is refused
        again = [sys.executable, "-m", "arclight.cli", "up", "--home", str(stack.home.path)]
        second = subprocess.run(again, capture_output=True, text=True, timeout=60, check=False)
        assert second.returncode == 5
        assert f"process {stack.process.pid}" in second.stderr

        # When a worker and its pool process are lost
        worker = main_process(stack, "validator")
        pool = worker.children()
        worker.kill()

        # Then it is said, nothing of it stays, and all queues answer again
        assert stack.heard("validator ended with signal 9; starting it again in 1 s")
        assert eventually(lambda: not any(map(tree.alive, pool)), 5)
        ready = httpx.URL(stack.url).join("/ready")
        assert eventually(lambda: httpx.get(ready, trust_env=False).is_success, 60)

        # When it is asked to stop
        before = stack.processes()
        stack.process.send_signal(signal.SIGTERM)

        # Then it ends with 0 and nothing is left
        assert stack.process.wait(60) == 0
        assert not any(map(tree.alive, before))
        assert mentions(stack.home) == []
        assert "Stopped." in stack.said.read_text()


def test_kill_9_of_up_leaves_nothing_not_even_a_running_program(tmp_path: Path) -> None:
    with up(tmp_path) as stack:
        # Given a program at work
        with stack.client() as client:
            job = client.submit("sleep", program=SLEEPS, framework="ray")
            assert eventually(lambda: "asleep" in client.logs(job.id), 60)
        before = stack.processes()
        # up, its warden, the store, the gateway, the reconciler, five workers, three of them with a
        # pool process, two runners, and what they hold: engines, waiting processes, the program
        assert len(before) >= 25

        stack.process.kill()

        assert eventually(lambda: not any(map(tree.alive, before)), 40)
        assert eventually(lambda: mentions(stack.home) == [], 5)
