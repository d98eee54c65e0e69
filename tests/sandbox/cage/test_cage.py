"""What the cage holds back, on this machine, in the real launcher; and that the probes bite."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from arclight.sandbox.cage.policy import MIB, Bind, Policy
from arclight.sandbox.cage.probe import prove
from arclight.sandbox.cage.tier import Cage, Tier
from arclight.sandbox.launch import LaunchSpec, start
from arclight.sandbox.limits import Limits
from arclight.sandbox.watch import Reason
from tests.sandbox.cage.attempts import attempt_all
from tests.sandbox.cage.works import BOTH, cage, run_in, slot, without

ROOT = Path(__file__).parents[3]
VAR_TMP = Path("/var/tmp")
"""Outside the /tmp that a cage replaces, so that only Landlock stands before it."""


def leaks(cage: Cage) -> dict[str, str]:
    verdict = prove(cage, parent=VAR_TMP)
    assert verdict.error == ""
    return {name: leak for name, leak in verdict.leaks.items() if name != "user" and leak}


@pytest.mark.parametrize("tier", BOTH, ids=str)
def test_nothing_gets_through(tier: Tier) -> None:
    found = attempt_all(cage(tier))

    assert found["got"] == {}
    assert found["works"] == [True, True, True]
    assert leaks(cage(tier)) == {}


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes another user first")
@pytest.mark.parametrize("tier", BOTH, ids=str)
def test_nothing_gets_through_for_an_ordinary_user(tier: Tier) -> None:
    command = [sys.executable, "-B", "-m", "tests.sandbox.cage.plain", str(tier)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["cage"]["tier"] == str(tier)
    assert (found["outer"], found["uid"]) == (65_534, None)
    assert (found["got"], found["leaks"], found["error"]) == ({}, {}, "")
    assert found["works"] == [True, True, True]


def test_the_probes_bite_without_a_cage() -> None:
    found = prove(Cage(Tier.T0)).leaks

    assert {name for name, leak in found.items() if leak} >= {
        *("files", "environment", "tcp", "udp", "abstract", "write", "signals", "seccomp")
    }


def test_without_landlock_files_are_open() -> None:
    found = leaks(without(cage(Tier.T2), "landlock"))

    assert {"files", "write"} <= set(found)


def test_without_seccomp_the_kernel_is_open() -> None:
    bare = without(cage(Tier.T2), "seccomp")

    assert "seccomp" in leaks(bare)
    got = attempt_all(bare)["got"]
    assert isinstance(got, dict)
    assert {"user name space", "setid file", "setid file at its creation"} <= set(got)


@pytest.mark.parametrize(
    ("layer", "channel"), [("landlock", "tcp"), ("seccomp", "udp")], ids=["tcp", "udp"]
)
def test_on_a_shared_network_each_layer_holds_its_part(layer: str, channel: str) -> None:
    shared = replace(cage(Tier.T2), admin=False, uid=None, bare=os.geteuid() == 0)

    assert leaks(shared) == {}
    assert channel in leaks(without(shared, layer))


@pytest.mark.parametrize("tier", BOTH, ids=str)
def test_only_the_documented_descriptors_are_open(tier: Tier) -> None:
    held = os.open(os.devnull, os.O_RDONLY)
    os.set_inheritable(held, True)
    source = (
        "import os, json\n"
        "found = {}\n"
        "for n in os.listdir('/proc/self/fd'):\n"
        "    try: found[n] = os.readlink(f'/proc/self/fd/{n}').split(':')[0]\n"
        "    except OSError: pass\n"
        "print(json.dumps([found, dict(os.environ)]))"
    )
    try:
        with slot() as folder:
            done = run_in(cage(tier), folder, source, env={"A": "b"})
    finally:
        os.close(held)

    links, environment = json.loads(done.exit.stdout)
    assert links == {"0": "/dev/null", "1": "pipe", "2": "pipe", "3": "socket"}
    assert set(environment) == {"A", "ARCLIGHT_RUN", "LC_CTYPE"}


@pytest.mark.parametrize("tier", BOTH, ids=str)
def test_exit_code_and_signal_are_told_apart(tier: Tier) -> None:
    with slot() as folder:
        coded = run_in(cage(tier), folder, "raise SystemExit(7)").exit
        killed = run_in(cage(tier), folder, "import os; os.kill(os.getpid(), 11)").exit

    assert (coded.reason, coded.code, coded.signal) == (Reason.ENDED, 7, None)
    assert (killed.reason, killed.code, killed.signal) == (Reason.ENDED, None, signal.SIGSEGV)


@pytest.mark.parametrize("tier", BOTH, ids=str)
def test_a_request_to_end_reaches_the_program(tier: Tier) -> None:
    source = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: (print('bye', flush=True), sys.exit(3)))\n"
        "print('up', flush=True)\n"
        "time.sleep(60)"
    )
    limits = Limits(wall=timedelta(seconds=1))
    with slot() as folder:
        done = run_in(cage(tier), folder, source, limits=limits)

    assert done.lines == ["up", "bye"]
    assert (done.exit.reason, done.exit.code) == (Reason.WALL, 3)


@pytest.mark.parametrize("tier", BOTH, ids=str)
def test_who_ignores_signals_is_killed(tier: Tier) -> None:
    source = (
        "import os, signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "[os.fork() for _ in range(3)]\n"
        "os.setsid() if os.getpid() != os.getpgid(0) else None\n"
        "time.sleep(600)"
    )
    began = time.monotonic()
    with slot() as folder:
        done = run_in(cage(tier), folder, source, limits=Limits(wall=timedelta(seconds=1)))

    assert done.exit.reason is Reason.WALL
    assert time.monotonic() - began < 1 + 5


@pytest.mark.parametrize("tier", BOTH, ids=str)
def test_what_is_granted_later_appears(tier: Tier) -> None:
    source = (
        "import socket, sys\n"
        "control = socket.socket(fileno=3)\n"
        "control.sendall(b'up'); control.recv(1)\n"
        "print(open(sys.argv[1]).read())"
    )
    with slot() as folder:
        path = folder / "in" / "later.csv"
        spec = LaunchSpec(
            run=f"test:{folder.name}",
            argv=[sys.executable, "-I", "-c", source, str(path)],
            env={},
            scratch=folder,
            cwd=folder / "work",
            cage=cage(tier),
            policy=Policy(folder),
        )
        lines: list[str] = []
        with start(spec) as caged:
            assert caged.control.recv(2) == b"up"
            path.write_text("late")
            path.chmod(0o644)
            caged.control.sendall(b"x")
            ended = caged.follow(
                Limits(), log=lambda line, _: lines.append(line), cancelled=threading.Event()
            )

    assert (ended.code, lines) == (0, ["late"])


def test_inputs_stand_where_their_address_says() -> None:
    with slot() as folder:
        (folder / "in" / "x.csv").write_text("hello")
        (folder / "in" / "x.csv").chmod(0o644)
        target = Path("/srv/artifacts/uploads")
        policy = Policy(folder, binds=(Bind(folder / "in", target),))
        done = run_in(cage(Tier.T3), folder, f"print(open('{target}/x.csv').read())", policy=policy)

    assert done.exit.stdout == "hello", done.text


@pytest.mark.parametrize("tier", BOTH, ids=str)
def test_what_a_bind_grants_and_no_more(tier: Tier, tmp_path: Path) -> None:
    source = (
        "import sys\n"
        "got = []\n"
        "for path in sys.argv[1:]:\n"
        "    try: open(path, 'a').close(); got.append(path)\n"
        "    except OSError: open(path).read()\n"
        "print(*got)"
    )
    with slot() as folder, slot() as other:
        for name in ("work", "in"):
            (other / name).chmod(0o777)
        other.chmod(0o755)
        files = [other / "work" / "a", other / "in" / "b"]
        for file in files:
            file.write_text("x")
            file.chmod(0o666)
        binds = (
            Bind(other / "work", other / "work", writable=True),
            Bind(other / "in", other / "in"),
        )
        done = run_in(cage(tier), folder, source, *files, policy=Policy(folder, binds=binds))

    assert done.exit.stdout == str(files[0]), done.text


@pytest.mark.parametrize("place", ["/tmp", "/dev/shm"])
@pytest.mark.parametrize("tier", BOTH, ids=str)
def test_private_folders_have_a_size(tier: Tier, place: str) -> None:
    source = (
        "import errno\n"
        "f = open('" + place + "/big', 'wb')\n"
        "try:\n"
        "    for _ in range(64): f.write(bytes(1 << 20)); f.flush()\n"
        "except OSError as e: print(errno.errorcode[e.errno])"
    )
    with slot() as folder:
        policy = Policy(folder, tmp=8 * MIB, shm=8 * MIB)
        done = run_in(cage(tier), folder, source, policy=policy)

    assert done.exit.stdout == "ENOSPC", done.text
    assert not Path(place, "big").exists()


def test_the_program_may_be_the_first_process() -> None:
    with slot() as folder:
        policy = Policy(folder, pid1=True)
        done = run_in(
            cage(Tier.T3), folder, "import os; print(os.getpid(), os.getuid())", policy=policy
        )

    assert done.exit.stdout == "1 1000", done.text


def test_other_processes_are_not_seen() -> None:
    source = "import os; print(sum(n.isdigit() for n in os.listdir('/proc')))"
    seen = {}
    for tier in BOTH:
        with slot() as folder:
            seen[tier] = int(run_in(cage(tier), folder, source).exit.stdout)

    assert seen[Tier.T3] <= 3
    if cage(Tier.T2).admin:
        assert seen[Tier.T2] <= 3


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give each run a user")
@pytest.mark.parametrize("tier", BOTH, ids=str)
def test_each_run_may_have_a_user_of_its_own(tier: Tier) -> None:
    with slot() as folder:
        run_in(cage(tier), folder, "open('made', 'w').close()", uid=64_007)

        assert (folder / "work" / "made").stat().st_uid == 64_007


@pytest.mark.parametrize("tier", BOTH, ids=str)
def test_the_kernel_bounds_threads_and_processes(tier: Tier) -> None:
    source = (
        "import os, time\n"
        "made = 0\n"
        "try:\n"
        "    for _ in range(200):\n"
        "        if os.fork() == 0: time.sleep(60); os._exit(0)\n"
        "        made += 1\n"
        "except BlockingIOError: print(made < 60)"
    )
    with slot() as folder:
        policy = Policy(folder, threads=60)
        done = run_in(cage(tier), folder, source, policy=policy, uid=_own(tier, 320))

    assert done.exit.stdout == "True", done.text


@pytest.mark.skipif(os.geteuid() != 0, reason="finds what is left by its user")
@pytest.mark.parametrize("own_group", [False, True], ids=["one group", "a group each"])
@pytest.mark.parametrize("tier", BOTH, ids=str)
def test_a_fork_bomb_is_ended(tier: Tier, own_group: bool) -> None:
    leave = "os.setsid()" if own_group else "pass"
    source = (
        "import os, time\n"
        "while True:\n"
        "    try:\n"
        f"        if os.fork() == 0: {leave}\n"
        "    except OSError: time.sleep(0.01)"
    )
    with slot() as folder:
        # Small, lest a failure of this test take the machine with it.
        policy, limits = Policy(folder, threads=120), Limits(processes=50)
        uid = _own(tier, 321)
        done = run_in(cage(tier), folder, source, policy=policy, limits=limits, uid=uid)

    assert done.exit.reason is Reason.PROCESSES
    assert [p for p in psutil.process_iter() if _of(p, uid)] == []


def _own(tier: Tier, number: int) -> int | None:
    """A user that no other test has, where there are some."""
    first = cage(tier).uid
    return None if first is None else first + number


def _of(process: psutil.Process, uid: int | None) -> bool:
    try:
        return process.uids().real == uid and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
