"""A run is alone, bounded, and leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from arclight.sandbox.watch import Reason
from tests.sandbox.works import launch

MIB = 1024**2

DAEMON = """
import os, sys, time
def daemon(clean):
    if os.fork():
        return
    os.setsid()
    if os.fork():
        os._exit(0)
    with open("pids", "a") as f:
        f.write(f"{os.getpid()}\\n")
    if clean:
        os.execve(sys.executable, [sys.executable, "-c", "import time; time.sleep(600)"], {})
    time.sleep(600)
"""
"""A process that leaves its session, its parents and, when asked, its environment."""

WAIT_FOR_TWO = """
while not os.path.exists("pids") or len(open("pids").read().split()) < 2:
    time.sleep(0.02)
"""


def pids(folder: Path) -> list[int]:
    return [int(pid) for pid in (folder / "pids").read_text().split()]


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def gone_within(found: list[int], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while any(alive(pid) for pid in found) and time.monotonic() < end:
        time.sleep(0.05)
    return not any(alive(pid) for pid in found)


def test_nothing_of_the_worker_reaches_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCLIGHT_CANARY", "canary-secret")
    held = os.open(os.devnull, os.O_RDONLY)
    os.set_inheritable(held, True)
    try:
        done = launch(
            "import os, json\n"
            "fds = [int(f) for f in os.listdir('/proc/self/fd')]\n"
            "links = [os.readlink(f'/proc/self/fd/{f}') for f in fds if f > 2 and "
            "os.path.exists(f'/proc/self/fd/{f}')]\n"
            "own = os.getsid(0) == os.getpid()\n"
            "print(json.dumps([dict(os.environ), links, os.getcwd(), own]))",
            tmp_path,
            env={"HOME": "/nowhere"},
        )
    finally:
        os.close(held)

    environment, open_files, cwd, own_session = json.loads(done.exit.stdout)
    assert done.exit.code == 0
    assert set(environment) == {"HOME", "ARCLIGHT_RUN", "LC_CTYPE"}
    left = [f for f in open_files if not f.startswith("/proc/")]
    assert [f.split(":")[0] for f in left] == ["socket"], "descriptor 3, and nothing else"
    assert cwd == str(tmp_path)
    assert own_session


def test_exit_code_and_signal_are_told_apart(tmp_path: Path) -> None:
    coded = launch("raise SystemExit(7)", tmp_path).exit
    killed = launch("import os; os.kill(os.getpid(), 11)", tmp_path).exit

    assert (coded.reason, coded.code, coded.signal) == (Reason.ENDED, 7, None)
    assert (killed.reason, killed.code, killed.signal) == (Reason.ENDED, None, signal.SIGSEGV)


def test_a_missing_executable_is_said(tmp_path: Path) -> None:
    done = launch("", tmp_path)
    assert done.exit.code == 0

    from arclight.sandbox.launch import LaunchSpec, run

    spec = LaunchSpec("x", ["/no/such/python"], {}, tmp_path, tmp_path)
    lines: list[str] = []
    ended = run(spec, log=lines.append, cancelled=threading.Event())

    assert ended.code == 127
    assert "/no/such/python" in lines[0]


def test_the_wall_limit_holds_against_a_program_that_ignores_signals(tmp_path: Path) -> None:
    began = time.monotonic()
    done = launch(
        "import signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print('ready', flush=True)\n"
        "time.sleep(600)",
        tmp_path,
        wall=timedelta(seconds=0.5),
    )

    assert done.exit.reason is Reason.WALL
    assert done.exit.signal == signal.SIGKILL
    assert time.monotonic() - began < 5


def test_memory_is_counted_over_all_processes(tmp_path: Path) -> None:
    done = launch(
        "import os, time\n"
        "os.fork()\n"
        "os.fork()\n"
        "kept = bytearray(os.urandom(1024)) * 40 * 1024\n"
        "time.sleep(60)",
        tmp_path,
        memory=100 * MIB,
    )

    assert done.exit.reason is Reason.MEMORY
    assert done.exit.max_memory > 100 * MIB


def test_shared_memory_counts_once(tmp_path: Path) -> None:
    done = launch(
        "import os, time\n"
        "kept = bytearray(os.urandom(1024)) * 60 * 1024\n"
        "[os.fork() for _ in range(2)]\n"
        "time.sleep(0.8)",
        tmp_path,
        memory=150 * MIB,
    )

    assert done.exit.reason is Reason.ENDED


@pytest.mark.parametrize(
    "source",
    [
        "import time\nwhile True: open(f'f{time.monotonic_ns()}', 'wb').write(bytes(1 << 20))",
        "import time\nopen('f', 'wb').write(bytes(30 << 20))",
        "import os\nwhile True: os.makedirs(f'd{os.urandom(4).hex()}/e')",
    ],
    ids=["bytes", "bytes at the end", "entries"],
)
def test_output_is_bounded(tmp_path: Path, source: str) -> None:
    done = launch(source, tmp_path, output=20 * MIB, files=500)

    assert done.exit.reason is Reason.OUTPUT


def test_one_file_cannot_outgrow_the_limit_between_two_looks(tmp_path: Path) -> None:
    done = launch(
        "f = open('f', 'wb')\nfor _ in range(64): f.write(bytes(1 << 20))",
        tmp_path,
        output=8 * MIB,
        memory=8 * MIB,
    )

    assert done.exit.reason in (Reason.OUTPUT, Reason.ENDED, Reason.MEMORY)
    assert done.exit.code != 0
    assert (tmp_path / "f").stat().st_size <= 8 * MIB


def test_processes_are_bounded(tmp_path: Path) -> None:
    done = launch(
        "import os, time\n[os.fork() or time.sleep(600) for _ in range(40)]\ntime.sleep(600)",
        tmp_path,
        processes=20,
    )

    assert done.exit.reason is Reason.PROCESSES
    assert [p for p in psutil.process_iter() if _marked(p, "test-run")] == []


def _marked(process: psutil.Process, run: str) -> bool:
    try:
        return process.environ().get("ARCLIGHT_RUN") == run
    except psutil.Error:
        return False


def test_daemons_are_swept(tmp_path: Path) -> None:
    done = launch(DAEMON + "daemon(False); daemon(True)" + WAIT_FOR_TWO, tmp_path)

    assert done.exit.code == 0
    assert done.exit.survivors == 2
    assert not any(alive(pid) for pid in pids(tmp_path))


HOPPER = """
import os, time
end = time.monotonic() + 30
if os.fork() == 0:
    os.setsid()
    os.close(1)
    os.close(2)
    while time.monotonic() < end and not os.path.exists("stop"):
        time.sleep({pause})
        if os.fork():
            os._exit(0)
        with open("pid", "w") as f:
            f.write(str(os.getpid()))
    os._exit(0)
time.sleep(0.3)
"""


@pytest.mark.parametrize("pause", [0.005, 0.0005])
def test_a_process_that_forks_every_few_milliseconds_is_swept(tmp_path: Path, pause: float) -> None:
    began = time.monotonic()
    try:
        done = launch(HOPPER.format(pause=pause), tmp_path)

        assert done.exit.code == 0
        assert done.exit.survivors
        assert time.monotonic() - began < 5
        last = (tmp_path / "pid").read_text()
        time.sleep(0.2)
        assert (tmp_path / "pid").read_text() == last, "nobody hops any more"
    finally:
        (tmp_path / "stop").touch()


def test_programs_come_after_those_who_watch_them(tmp_path: Path) -> None:
    done = launch("import os; print(os.getpriority(os.PRIO_PROCESS, 0))", tmp_path)

    assert int(done.exit.stdout) >= 10


def test_cancel_is_over_within_five_seconds(tmp_path: Path) -> None:
    cancelled = threading.Event()
    threading.Timer(0.5, cancelled.set).start()
    began = time.monotonic()
    done = launch(
        DAEMON + "import signal\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "daemon(True)\ntime.sleep(600)",
        tmp_path,
        cancelled=cancelled,
    )

    assert done.exit.reason is Reason.CANCELLED
    assert time.monotonic() - began < 0.5 + 5
    assert not any(alive(pid) for pid in pids(tmp_path))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_program_that_attacks_its_supervisor_does_not_escape(
    tmp_path: Path, number: signal.Signals
) -> None:
    cancelled = threading.Event()
    threading.Timer(1.0, cancelled.set).start()
    began = time.monotonic()
    done = launch(
        DAEMON + "daemon(False); daemon(False)" + WAIT_FOR_TWO + "time.sleep(0.4)\n"
        f"os.kill(os.getppid(), {int(number)})\ntime.sleep(600)",
        tmp_path,
        cancelled=cancelled,
    )

    assert done.exit.reason in (Reason.LOST, Reason.CANCELLED)
    assert time.monotonic() - began < 1 + 5
    assert gone_within(pids(tmp_path), 1)


WORKER = """
import sys, threading
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.sandbox.works import launch
launch({source!r}, Path({folder!r}))
"""


@pytest.mark.faults
def test_a_killed_worker_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "scratch"
    folder.mkdir()
    root = str(Path(__file__).parents[2])
    source = DAEMON + "daemon(False); daemon(True)" + WAIT_FOR_TWO + "time.sleep(600)"
    code = WORKER.format(root=root, source=source, folder=str(folder))
    with subprocess.Popen([sys.executable, "-c", code]) as worker:
        wait_for_two_daemons(folder)
        below = psutil.Process(worker.pid).children(recursive=True)
        found = pids(folder)

        worker.kill()

    assert len(below) >= 2
    assert gone_within([*found, *(p.pid for p in below)], 5)
    assert not folder.exists()


def wait_for_two_daemons(folder: Path) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if (folder / "pids").exists() and len(pids(folder)) == 2:
            return
        time.sleep(0.05)
    raise AssertionError("the daemons did not start")


def test_the_log_keeps_its_head_and_says_what_was_cut(tmp_path: Path) -> None:
    done = launch("for i in range(10_000): print(f'line {i}')", tmp_path, log=1000)

    assert done.lines[0] == "line 0"
    assert sum(len(line) + 1 for line in done.lines[:-1]) <= 1000
    assert "bytes of output were cut" in done.lines[-1]
    assert done.exit.log_cut > 90_000


def test_lines_are_bounded_and_control_characters_shown(tmp_path: Path) -> None:
    done = launch(
        "import sys\n"
        "print('\\x1b[2Jclear \\u202eright to left\\tand a tab', flush=True)\n"
        "sys.stdout.buffer.write(b'\\xff\\xfe broken\\n'); sys.stdout.flush()\n"
        "print('first\\rsecond')\n"
        "print('x' * 100_000)",
        tmp_path,
        env={"PYTHONUTF8": "1", "LANG": "C.UTF-8"},
    )

    assert done.lines[0] == "\\x1b[2Jclear \\x202eright to left\tand a tab"
    assert "\\xff\\xfe broken" in done.lines
    assert done.lines[done.lines.index("first") + 1] == "second"
    assert max(len(line) for line in done.lines) < 5000
    assert sum(line.count("x") for line in done.lines) < 100_000
