"""The parts of the embedded stack that need no stack: the home, a child, what may be served."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from arclight.cli.commands.up import home_option
from arclight.cli.stack import plan, tree
from arclight.cli.stack.child import Child
from arclight.cli.stack.home import Endpoint, Home, HomeInUse
from arclight.cli.stack.warden import Warden
from arclight.runtime.settings import Settings
from tests.conftest import FakeClock

SLEEPER = "import time; time.sleep(600)"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def child(home: Home, code: str, clock: FakeClock) -> Child:
    home.path.mkdir(exist_ok=True)
    return Child(
        "it", (sys.executable, "-c", code), {"GIVEN": "7"}, home.log("it"), home.path, clock
    )


def died(it: Child) -> str:
    give_up = time.monotonic() + 10
    while time.monotonic() < give_up:
        if how := it.died():
            return how
        time.sleep(0.01)
    raise AssertionError("it lives")


def test_a_home_has_one_owner(home: Home) -> None:
    with home.locked(), pytest.raises(HomeInUse, match=f"process {os.getpid()}"), home.locked():
        pass


def test_a_home_is_free_again(home: Home) -> None:
    with home.locked():
        assert home.owner() == os.getpid()

    with home.locked():
        assert home.owner() == os.getpid()
    assert home.owner() is None


def test_who_runs_is_known_only_while_it_runs(home: Home) -> None:
    with home.locked():
        assert home.running() is None
        home.publish(Endpoint("http://127.0.0.1:1", os.getpid()))
        assert home.running() == Endpoint("http://127.0.0.1:1", os.getpid())

    assert home.running() is None


def test_what_a_killed_owner_published_is_not_believed(home: Home) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    home.path.mkdir()
    home.publish(Endpoint("http://127.0.0.1:1", gone.pid))
    (home.path / "up.lock").write_text(str(gone.pid))

    assert home.running() is None


def test_the_key_is_for_its_owner_only(home: Home) -> None:
    home.path.mkdir()
    assert home.api_key() is None

    home.keep_api_key("arc_1_2")

    assert home.api_key() == "arc_1_2"
    assert stat.S_IMODE((home.path / "credentials").stat().st_mode) == 0o600


def test_a_large_log_is_set_aside(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arclight.cli.stack.home.MAX_LOG", 3)
    home.log("it").write_text("1234")

    assert not home.log("it").exists()
    assert (home.logs / "it.log.1").read_text() == "1234"


def test_a_child_gets_its_environment_and_leaves_its_words(home: Home, clock: FakeClock) -> None:
    it = child(home, "import os, sys; print(os.environ['GIVEN']); sys.exit(3)", clock)
    it.start()

    assert died(it) == "exit status 3"
    assert it.last_words() == "7"


def test_a_child_that_keeps_dying_is_started_ever_later(home: Home, clock: FakeClock) -> None:
    it = child(home, "import os; os.kill(os.getpid(), 9)", clock)
    pauses = []
    for _ in range(7):
        it.start()
        assert died(it) == "signal 9"
        pauses.append(it.pause)
        assert not it.due
        clock.forward(it.pause)
        assert it.due

    assert pauses == [1, 2, 4, 8, 16, 30, 30]


def test_a_child_that_lived_long_is_started_soon(home: Home, clock: FakeClock) -> None:
    it = child(home, "", clock)
    for lived in (0, 0, 100):
        it.start()
        clock.forward(lived)
        died(it)

    assert it.pause == 1


def test_ending_a_process_ends_what_it_started() -> None:
    script = (
        "import subprocess, sys, time\n"
        f"subprocess.Popen([sys.executable, '-c', '{SLEEPER}'], start_new_session=True)\n"
        "print('up', flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    with parent.stdout:
        parent.stdout.readline()
        root = psutil.Process(parent.pid)
        family = tree.family([root])

        tree.end([root], grace=5)

    parent.wait()
    assert len(family) == 2
    assert not any(tree.alive(p) for p in family)


def test_a_process_that_will_not_stop_is_killed() -> None:
    script = "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True)"
    stubborn = subprocess.Popen(
        [sys.executable, "-c", f"{script}; time.sleep(600)"], stdout=subprocess.PIPE
    )
    assert stubborn.stdout is not None
    with stubborn.stdout:
        stubborn.stdout.readline()

        tree.end([psutil.Process(stubborn.pid)], grace=0.2)

    assert stubborn.wait(1) == -signal.SIGKILL


@pytest.mark.parametrize("goodbye", [True, False])
def test_the_warden_ends_the_rest_when_its_owner_is_gone(home: Home, goodbye: bool) -> None:
    service = subprocess.Popen([sys.executable, "-c", SLEEPER])
    with home.locked() as lock:
        warden = Warden.start(home.path, lock, grace=2)
        warden.watch(service.pid)

        if goodbye:
            warden.dismiss()
        else:
            warden.abandon()

    assert (service.poll() is None) is goodbye
    service.kill()
    service.wait()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.com"])
def test_an_open_address_needs_a_key(home: Home, host: str) -> None:
    with pytest.raises(plan.StackError, match="no API key"):
        plan.check(Settings(host=host), home)


def test_a_taken_port_is_named(home: Home) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(plan.StackError, match=f"Port {port} .* is taken"):
            plan.check(Settings(port=port), home)


def test_the_url_is_one_that_this_machine_can_open() -> None:
    shown = [plan.url_of(Settings(host=h, port=80)) for h in ("127.0.0.1", "0.0.0.0", "::1")]

    assert shown == ["http://127.0.0.1:80", "http://127.0.0.1:80", "http://[::1]:80"]


def test_no_secret_is_on_a_command_line(home: Home) -> None:
    settings = Settings(home=home.path, redis_url="redis://:hush@127.0.0.1:1/0")
    home.path.mkdir()
    flower = plan.plan_flower(settings)
    commands = [plan.flower_child(flower, settings, home)]
    commands += [plan.service_child(s, settings, home) for s in plan.SERVICES]

    for command in commands:
        assert not [a for a in command.command if "hush" in a or flower.password in a]


@pytest.mark.parametrize(
    ("environ", "path", "option"),
    [
        ({}, Path("~/.arclight").expanduser(), ""),
        ({}, Path("/srv/arc light"), " --home '/srv/arc light'"),
        ({"ARCLIGHT_HOME": "/srv/arc"}, Path("/srv/arc"), ""),
    ],
)
def test_the_example_of_up_finds_its_own_stack(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], path: Path, option: str
) -> None:
    monkeypatch.delenv("ARCLIGHT_HOME", raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    assert home_option(path) == option
