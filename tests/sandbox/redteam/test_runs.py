"""The corpus against the real launcher, and bare. Only a sample of it outside `make proof`."""

import os
from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path

import pytest

from arclight.runtime.settings import Settings
from arclight.sandbox.cage.detect import CageRefused, detect
from arclight.sandbox.cage.tier import Cage, Tier
from arclight.sandbox.redteam import report
from arclight.sandbox.redteam.judge import Outcome, Verdict
from arclight.sandbox.redteam.probe import Probe, corpus
from arclight.sandbox.redteam.run import main, run_bare, run_caged, run_warm

PLAIN = [p for p in corpus() if p.engine == "python"]
SETTLE = 3.0
"""Seconds instead of the 30 of the promise: what is left after three is left."""


def sample(probes: Sequence[Probe], each: int) -> list[Probe]:
    """The first programs of each clause."""
    groups = groupby(probes, key=lambda p: p.clause)
    return [probe for _, group in groups for probe in list(group)[:each]]


def cage_of(most: Tier) -> Cage:
    try:
        cage = detect(most=most)
    except CageRefused as refused:
        pytest.fail(f"no cage on this machine: {refused}")
    return cage


def uncontained(probes: Sequence[Probe], most: Tier, config: Settings, settle: float) -> list[str]:
    cage = cage_of(most)
    verdicts = run_caged(probes, cage, config=config, settle=settle)
    assert len(verdicts) == len(probes)
    excused = report.excused(verdicts, cage)
    return [said(v) for v in verdicts if v.outcome is not Outcome.CONTAINED and v not in excused]


def said(verdict: Verdict) -> str:
    return f"{verdict.probe.id} {verdict.outcome}: {verdict.evidence}"


def blunt(probes: Sequence[Probe], config: Settings) -> list[str]:
    biting = [p for p in probes if p.may_bite and (os.geteuid() == 0 or not p.root)]
    verdicts = run_bare(biting, config=config)
    return [said(v) for v in verdicts if v.outcome is not Outcome.ESCAPED]


def chosen(*ids: str) -> list[Probe]:
    """These programs."""
    return [p for p in PLAIN if p.id in ids]


def test_a_sample_is_contained_at_the_strongest_tier(config: Settings) -> None:
    assert uncontained(sample(PLAIN, 1), Tier.T3, config, 0.5) == []


def test_a_sample_is_contained_without_name_spaces(config: Settings) -> None:
    """Those that other means hold there than at T3."""
    probes = chosen(
        "canary-file-plain", "outside-folder", "listener-tcp", "survivors-hopper",
        "signals-kill", "bounded-memory-hidden", "removed-deep",
    )  # fmt: skip

    assert len(probes) == 7
    assert uncontained(probes, Tier.T2, config, 0.5) == []


def test_a_sample_bites_without_a_cage(config: Settings) -> None:
    probes = chosen(
        "canary-file-plain", "outside-folder", "listener-tcp", "survivors-nohup", "control-stdout",
        "removed-deep", "forged-row-count", "names-symlink", "signals-kill",
    )  # fmt: skip

    assert len(probes) == 9
    assert blunt(probes, config) == []


def test_nothing_of_a_trial_is_left(config: Settings) -> None:
    """The self-test cleans up after programs that nothing else ended."""
    before = {path for folder in ("/tmp", "/dev/shm") for path in Path(folder).iterdir()}
    probes = [p for p in PLAIN if p.id in ("outside-shared-memory", "survivors-nohup")]

    run_bare(probes, config=config)

    after = {path for folder in ("/tmp", "/dev/shm") for path in Path(folder).iterdir()}
    assert [p for p in after - before if "arcp" in p.name or "held-" in p.name] == []


class Screen:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, text: str = "") -> None:
        self.lines.append(text)

    def redraw(self, *lines: str) -> None:
        return


def test_the_command_says_what_held() -> None:
    screen = Screen()

    code = main(screen, only="canary-file-plain")

    assert code == 0
    assert "canary         1 of   1 contained" in "\n".join(screen.lines)
    assert screen.lines[-1] == "1 of 1 programs contained."


def test_the_command_knows_a_word_that_matches_nothing() -> None:
    assert main(Screen(), only="no-such-program") == 2


@pytest.mark.proof
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("most", [Tier.T3, Tier.T2])
def test_all_plain_programs_are_contained(config: Settings, most: Tier) -> None:
    assert uncontained(PLAIN, most, config, SETTLE) == []


@pytest.mark.proof
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("most", [Tier.T3, Tier.T2])
@pytest.mark.parametrize(
    "engine",
    [pytest.param("spark", marks=pytest.mark.spark), pytest.param("ray", marks=pytest.mark.ray)],
)
def test_all_engine_programs_are_contained(config: Settings, most: Tier, engine: str) -> None:
    assert uncontained([p for p in corpus() if p.engine == engine], most, config, SETTLE) == []


@pytest.mark.proof
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    "engine",
    [pytest.param("spark", marks=pytest.mark.spark), pytest.param("ray", marks=pytest.mark.ray)],
)
def test_a_warm_engine_keeps_nothing(engine: str) -> None:
    verdicts = run_warm([p for p in corpus() if p.engine == engine], settle=SETTLE)

    assert len(verdicts) >= 3
    assert [said(v) for v in verdicts if v.outcome is not Outcome.CONTAINED] == []


@pytest.mark.proof
@pytest.mark.spark
@pytest.mark.ray
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("choose", [lambda e: e == "python", lambda e: e != "python"])
def test_every_harmless_program_bites(config: Settings, choose: Callable[[str], bool]) -> None:
    assert blunt([p for p in corpus() if choose(p.engine)], config) == []
