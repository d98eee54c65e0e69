"""The time of a program begins when it is followed, and then ends without the follower too."""

import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from arclight.sandbox import launch
from arclight.sandbox.launch import LaunchSpec, start
from arclight.sandbox.limits import Limits
from arclight.sandbox.watch import Watch

SLEEPER = [sys.executable, "-I", "-S", "-c", "import time; time.sleep(60)"]


def spec(folder: Path) -> LaunchSpec:
    limits = Limits(wall=timedelta(seconds=0.5))
    return LaunchSpec("test-backstop", SLEEPER, {}, folder, folder, limits)


def test_what_waits_for_a_program_may_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "BACKSTOP", 0.2)

    with start(spec(tmp_path)) as caged:
        time.sleep(2.5)

        assert not caged.over


def test_a_follower_that_no_longer_looks_is_not_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "BACKSTOP", 0.2)
    monkeypatch.setattr(Watch, "look", lambda _: None)
    order = spec(tmp_path)

    with start(order) as caged:
        began = time.monotonic()
        ended = caged.follow(order.limits, log=lambda *_: None, cancelled=threading.Event())

    assert ended.signal == 9
    assert time.monotonic() - began < 10
