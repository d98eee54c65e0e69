"""What an executor can rely on when it gives a program to a runner."""

import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from arclight.contracts.failure import FailureKind, StepFailed
from arclight.contracts.names import LogStream, Way
from arclight.runtime.settings import Settings
from arclight.sandbox.cage.tier import Tier
from arclight.sandbox.runner import client
from arclight.sandbox.runner.client import health
from arclight.sandbox.runner.paths import ground_of, socket_of
from arclight.sandbox.watch import Reason
from tests.sandbox.runner.conftest import Executor, Told
from tests.sandbox.running import PlainEngine


def warm(executor: Executor) -> None:
    """Wait until the pool is full again."""
    until(lambda: bool((h := health(socket_of(executor.config, "plain"))) and h.warm))


def until(done: object, seconds: float = 10.0) -> None:
    assert callable(done)
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)


def test_a_program_gets_a_process_that_waits(executor: Executor) -> None:
    warm(executor)

    told = executor.ask("import sys; print('out'); print('err', file=sys.stderr)")

    assert (told.placed.way, told.placed.reason) == (Way.WARM, "a test")
    assert (told.ended.reason, told.ended.code) == (Reason.ENDED, 0)
    assert sorted(told.lines) == [("err", LogStream.STDERR), ("out", LogStream.STDOUT)]
    assert {kept.stream for kept in told.ended.logs} == {LogStream.STDOUT, LogStream.STDERR}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"memory": 256 * 1024**2}, "it asked for 268,435,456 bytes"),
        ({"cores": 1}, "it asked for 1 cores"),
    ],
)
def test_other_limits_need_a_cold_start(
    executor: Executor, change: dict[str, int], why: str
) -> None:
    warm(executor)

    told = executor.ask("pass", limits=replace(executor.limits, **change))  # type: ignore[arg-type]

    assert (told.placed.way, told.placed.reason) == (Way.COLD, why)
    assert told.ended.code == 0


def test_what_no_warm_engine_can_do_starts_cold(executor: Executor) -> None:
    told = executor.ask("pass", fresh="it sets its master")

    assert (told.placed.way, told.placed.reason) == (Way.COLD, "it sets its master")


def test_a_process_serves_one_program_only(executor: Executor) -> None:
    mark = "import os; print(os.path.exists('/tmp/mark')); open('/tmp/mark', 'w').close()"

    answers = [executor.ask(mark).ended.stdout for _ in range(3)]

    assert answers == ["False"] * 3


def test_the_wall_limit_counts_from_the_program(executor: Executor) -> None:
    limits = replace(executor.limits, wall=timedelta(seconds=0.5))

    told = executor.ask("import time; time.sleep(60)", limits=limits)

    assert told.ended.reason is Reason.WALL


def test_granted_inputs_are_there_and_cannot_be_changed(executor: Executor, home: Path) -> None:
    uploads = home / "artifacts" / "uploads"
    file = uploads / "src_1" / "data.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("granted")
    (uploads / "src_2").mkdir(exist_ok=True)
    (uploads / "src_2" / "data.csv").write_text("not granted")
    program = (
        f"print(open({str(file)!r}).read())\n"
        "def tried(path, mode):\n"
        "    try:\n"
        "        open(path, mode).close()\n"
        "        return 'done'\n"
        "    except OSError as error:\n"
        "        return 'refused'\n"
        f"print(tried({str(file)!r}, 'a'), tried({str(uploads / 'src_2/data.csv')!r}, 'r'))\n"
    )

    def grant(folder: object) -> None:
        from arclight.sandbox.grant import grant as put

        put([file], uploads, folder.granted)  # type: ignore[attr-defined]

    told = executor.ask(program, prepare=grant, inputs=(str(file),))

    if told.placed.tier >= str(Tier.T3):
        assert told.ended.stdout.splitlines() == ["granted", "refused refused"]
    assert file.read_text() == "granted"


def test_more_programs_than_places_wait(executor: Executor) -> None:
    told: list[Told] = []
    threads = [
        threading.Thread(target=lambda: told.append(executor.ask("import time; time.sleep(0.5)")))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    waits = sorted(t.placed.wait for t in told)
    assert [t.ended.code for t in told] == [0] * 4
    assert waits[1] < 0.4 < waits[2]


def test_who_hangs_up_while_waiting_frees_nothing_and_blocks_nobody(executor: Executor) -> None:
    busy = [
        threading.Thread(target=executor.ask, args=("import time; time.sleep(1.5)",))
        for _ in range(2)
    ]
    for thread in busy:
        thread.start()
    time.sleep(0.3)
    gone = threading.Event()
    threading.Timer(0.3, gone.set).start()

    with pytest.raises(StepFailed) as failed:
        executor.ask("pass", cancelled=gone)

    assert failed.value.failure.kind is FailureKind.CANCELLED
    for thread in busy:
        thread.join()
    assert executor.ask("print(1)").ended.stdout == "1"


def test_hanging_up_kills_the_program_and_removes_its_slot(executor: Executor) -> None:
    gone = threading.Event()
    mark = 4321.5
    threading.Timer(0.6, gone.set).start()

    with pytest.raises(StepFailed):
        executor.ask(f"import time; time.sleep({mark})", cancelled=gone)

    warm(executor)  # The pool's own slot is there; nothing else may be.
    ground = ground_of(executor.config, PlainEngine.name)
    until(lambda: len(list(ground.glob("arc-*"))) == 1)
    sleepers = [p for p in psutil.process_iter() if str(mark) in " ".join(_cmdline(p))]
    assert sleepers == []


def _cmdline(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def test_without_a_runner_the_failure_costs_no_attempt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "RUNNER_PATIENCE", 0.3)
    nobody = Executor(Settings(home=tmp_path, scratch=tmp_path))

    with pytest.raises(StepFailed) as failed:
        nobody.ask("pass")

    failure = failed.value.failure
    assert (failure.kind, failure.code) == (FailureKind.INFRASTRUCTURE, "RUNNER_UNREACHABLE")
    assert "arclight doctor" in failure.hint


def test_a_flood_on_the_control_socket_changes_nothing(executor: Executor) -> None:
    program = (
        "import os, json\n"
        "lines = [b'not json', b'[]', json.dumps({'ready': {'x': 1}}).encode(),\n"
        "         json.dumps({'status': 0, 'ended': True}).encode(),\n"
        "         json.dumps({'progress': {'tasks': -1}}).encode(),\n"
        "         json.dumps({'progress': {'tasks': 'many'}}).encode()]\n"
        "good = json.dumps({'progress': {'tasks': 4, 'tasks_done': 1}}).encode()\n"
        "os.write(3, b'\\n'.join([*lines, *[good] * 50]) + b'\\n')\n"
        "print('still here')\n"
        "raise SystemExit(3)\n"
    )

    told = executor.ask(program)

    assert (told.ended.code, told.ended.stdout) == (3, "still here")
    assert len(told.numbers) <= 2, "at most four a second are passed on"
    assert all((n.tasks, n.tasks_done) == (4, 1) for n in told.numbers)
