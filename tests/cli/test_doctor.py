"""`arclight doctor`: for people, for scripts, and by its exit status."""

import json
import sys
import types
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from arclight.cli.commands import doctor as command
from arclight.cli.main import app
from arclight.sandbox.cage.detect import CageRefused
from arclight.sandbox.cage.tier import Cage, Layer, Tier

WEAK = Cage(
    Tier.T2,
    layers=(
        Layer("namespaces", False, "A file system of its own.", "apt install bubblewrap"),
        Layer("landlock", True, "Only what was granted."),
    ),
)


def doctor(*args: str) -> Result:
    return CliRunner().invoke(app, ["doctor", *args])


@pytest.fixture
def weak(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arclight.sandbox.cage.detect.detect", lambda **_: WEAK)


@pytest.mark.usefixtures("weak")
def test_it_tells_each_layer_and_its_cure() -> None:
    done = doctor()

    assert done.exit_code == 0
    assert "Programs run in a cage of tier T2." in done.stdout
    assert WEAK.warning in done.stdout
    lines = done.stdout.splitlines()
    at = next(n for n, line in enumerate(lines) if "namespaces" in line)
    assert lines[at + 1].strip() == "apt install bubblewrap"
    assert any("landlock" in line and "Only what was granted." in line for line in lines)
    assert any("spark" in line and "installed" in line for line in lines)
    assert "GiB free in" in done.stdout


@pytest.mark.usefixtures("weak")
def test_scripts_get_json() -> None:
    found = json.loads(doctor("--json").stdout)

    assert found["programs_may_run"] is True
    assert found["cage"]["tier"] == "T2"
    assert found["cage"]["layers"][0]["cure"] == "apt install bubblewrap"
    assert set(found["engines"]) == {"spark", "ray"}
    assert found["scratch"]["free_bytes"] > 0


def test_no_cage_is_exit_status_1(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> Cage:
        raise CageRefused("Nothing holds here. Cure: install bubblewrap.")

    monkeypatch.setattr("arclight.sandbox.cage.detect.detect", refuse)

    told = doctor()
    assert told.exit_code == 1
    assert "Cure: install bubblewrap." in told.stdout
    found = doctor("--json")
    assert found.exit_code == 1
    assert json.loads(found.stdout)["programs_may_run"] is False


def test_a_lower_tier_may_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def detect(*, allow_uncaged: bool, most: Tier | None) -> Cage:
        asked.append(most)
        return WEAK

    monkeypatch.setattr("arclight.sandbox.cage.detect.detect", detect)

    assert doctor("--tier", "t2").exit_code == 0
    assert asked == [Tier.T2]
    assert doctor("--tier", "T9").exit_code == 2


def test_the_corpus_decides_the_exit_status(monkeypatch: pytest.MonkeyPatch) -> None:
    run = types.ModuleType("arclight.sandbox.redteam.run")
    run.main = lambda term, most, **_: 1 if most is Tier.T2 else 0  # type: ignore[attr-defined]
    package = types.ModuleType("arclight.sandbox.redteam")
    monkeypatch.setitem(sys.modules, "arclight.sandbox.redteam", package)
    monkeypatch.setitem(sys.modules, "arclight.sandbox.redteam.run", run)

    assert doctor("--redteam").exit_code == 0
    assert doctor("--redteam", "--tier", "T2").exit_code == 1


def test_room_is_told_of_a_folder_that_is_not_made_yet(tmp_path: Path) -> None:
    assert command._free(tmp_path / "not" / "yet") > 0
