"""Where nothing can hold a program none is run, and every job is told why."""

from pathlib import Path

import pytest

from arclight.contracts.failure import FailureKind, StepFailed
from arclight.runtime.settings import Settings
from arclight.sandbox.cage.detect import CageRefused
from arclight.sandbox.cage.tier import Cage
from arclight.sandbox.runner import main
from arclight.sandbox.runner.client import health
from arclight.sandbox.runner.paths import socket_of
from tests.sandbox.runner.conftest import Executor
from tests.sandbox.running import PlainEngine, running


def test_no_cage_no_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing_here(*, allow_uncaged: bool) -> Cage:
        assert not allow_uncaged
        raise CageRefused("No Landlock and no name spaces here: use another kernel.")

    monkeypatch.setattr(main, "detect", nothing_here)
    config = Settings(home=tmp_path, scratch=tmp_path / "s")
    with running(PlainEngine(), config):
        found = health(socket_of(config, "plain"))
        with pytest.raises(StepFailed) as failed:
            Executor(config).ask("print(1)")

    failure = failed.value.failure
    assert (failure.kind, failure.code) == (FailureKind.REQUEST, "NO_CAGE")
    assert "another kernel" in failure.hint
    assert found is not None
    assert found.tier == "T0"
