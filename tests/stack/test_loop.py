"""A job goes all the way through the real services, as the README's session does."""

import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import psutil
import pytest

from arclight.client import Client
from arclight.client_views import StreamEvent
from arclight.runtime.settings import Settings
from arclight.sandbox.runner.paths import ground_of
from tests.stack.running import Up, eventually

pytestmark = [pytest.mark.stack, pytest.mark.ray]

DATA = Path(__file__).parents[2] / "examples" / "data"
SLEEPS = "import time\nimport ray\nprint('asleep', flush=True)\ntime.sleep(600)\n"


def at_work(stack: Up) -> list[psutil.Process]:
    """Processes in the slot of a program that has been handed over."""
    ground = ground_of(Settings(home=stack.home.path), "ray")
    slots = [str(p.parent.parent) for p in ground.glob("**/program/program.py")]
    return [p for p in psutil.process_iter() if cwd(p).startswith(tuple(slots) or ("\0",))]


def cwd(process: psutil.Process) -> str:
    try:
        return process.cwd()
    except psutil.Error:
        return ""


def told(events: Iterable[StreamEvent]) -> list[str]:
    """What was told for good, without regard to the order of a log line and an event of the same
    moment. How far the program was is told live only."""
    return sorted(f"{e.type} {e.data}" for e in events if e.type != "progress")


def test_a_stream_is_whole_and_resumes_anywhere(client: Client) -> None:
    # Given a job that has gone all the way
    source = client.upload(DATA / "seattle-weather.csv")
    job = client.submit("average wind by weather", sources=[source.id], framework="ray")
    live = [e for e in client.stream(job.id, timeout=120) if e.type != "progress"]
    ended = client.get(job.id)
    assert ended.state == "succeeded", ended.json_text()

    # Then its replay tells the same, and whoever left at any event gets exactly the rest
    replay = list(client.stream(job.id))
    assert told(live) == told(replay)
    assert [e.data for e in live if e.type != "log"] == [e.data for e in replay if e.type != "log"]
    for last in range(len(live) - 1):
        assert told(client.stream(job.id, after=live[last].id)) == told(live[last + 1 :])

    # and the answer comes in pages, all rows of it
    assert ended.result is not None
    rows = [r for page in client.result_pages(job.id, page_size=2) for r in page.rows]
    assert len(rows) == ended.result.total_rows == 5


def test_a_running_program_is_gone_5_s_after_the_cancel(stack: Up, client: Client) -> None:
    # Given a program that runs
    job = client.submit(program=SLEEPS, framework="ray", prompt="sleep")
    assert eventually(lambda: "asleep" in client.logs(job.id), 60), client.get(job.id).json_text()
    assert at_work(stack)

    # When it is cancelled
    began = time.monotonic()
    cancelled = client.cancel(job.id)

    # Then the job has ended at once, and its processes within 5 s
    assert cancelled.state == "cancelled"
    left = 5 - (time.monotonic() - began)
    assert eventually(lambda: not at_work(stack), left)


def test_the_command_line_asks_the_stack_that_runs(stack: Up) -> None:
    command = [sys.executable, "-m", "arclight.cli", "run", "first 3 prime numbers"]

    done = subprocess.run(
        [*command, "--home", str(stack.home.path), "--framework", "ray"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert [line.split()[-1] for line in done.stdout.splitlines()[-3:]] == ["2", "3", "5"]
