"""`arclight doctor --redteam`: the corpus through the real launcher, and a table of what held."""

import contextlib
import json as json_text
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from arclight.contracts.failure import ArclightError
from arclight.runtime.settings import Settings, settings
from arclight.sandbox.cage.detect import detect
from arclight.sandbox.cage.tier import Cage, Tier
from arclight.sandbox.redteam import machine, report
from arclight.sandbox.redteam.bare import BareLauncher
from arclight.sandbox.redteam.clauses import Clause
from arclight.sandbox.redteam.judge import Outcome, Verdict
from arclight.sandbox.redteam.launching import CagedLauncher, EngineMissing, Launcher
from arclight.sandbox.redteam.probe import Probe, corpus
from arclight.sandbox.redteam.stage import House
from arclight.sandbox.redteam.trial import LARGE, Court, Trial
from arclight.sandbox.redteam.warm import WarmLauncher, warm_runner

SETTLE = 30.0
"""Seconds after which nothing of a run may be alive, as the promise says."""
AT_ONCE = {"python": 3, "spark": 1, "ray": 1}
"""Programs that run at the same time, since most of them sleep; an engine wants all cores."""
_WARM = (Clause.WARM, Clause.SURVIVORS)
"""What is tried once more in engines that outlive their programs."""

Judged = Callable[[Verdict], None]


class Screen(Protocol):
    """Where the table goes: the command line's terminal."""

    def say(self, text: str = "") -> None: ...

    def redraw(self, *lines: str) -> None: ...


def main(
    term: Screen,
    *,
    most: Tier | None = None,
    only: str | None = None,
    json: bool = False,
    control: bool = False,
) -> int:
    """Run the corpus and say what held. Returns the exit code: 0 when everything did.

    `most` forces a weaker tier, `only` takes the programs whose id, clause or engine holds that
    word, `control` runs the harmless ones bare and expects them to bite.
    """
    probes = [p for p in corpus() if only is None or _matches(p, only)]
    if not probes:
        term.say(f"No program of the corpus matches {only!r}.")
        return 2
    try:
        if control:
            return _control(term, [p for p in probes if p.may_bite], json=json)
        return _caged(term, probes, detect(most=most), warm=most is None, json=json)
    except ArclightError as error:
        term.say(str(error))
        return 2


def run_caged(
    probes: Sequence[Probe],
    cage: Cage,
    *,
    config: Settings | None = None,
    settle: float = SETTLE,
    judged: Judged = lambda _: None,
) -> list[Verdict]:
    """Every program through the launcher."""
    config = config or settings()
    with (
        _base() as base,
        CagedLauncher(cage, base, config) as launcher,
        _house(base, launcher.ground) as house,
    ):
        return _tried(probes, house, launcher, settle, judged)


def run_bare(
    probes: Sequence[Probe],
    *,
    config: Settings | None = None,
    settle: float = 0.0,
    judged: Judged = lambda _: None,
) -> list[Verdict]:
    """Every program with nothing around it. Never hand in destructive ones."""
    assert all(probe.may_bite for probe in probes)
    config = config or settings()
    with _base() as base:
        canary = base / "left-open"
        canary.write_text("a file that a careless parent left open\n")
        with canary.open() as held:
            os.set_inheritable(held.fileno(), True)
            launcher = BareLauncher(base, config, held.fileno())
            with _house(base, launcher.ground) as house:
                # What a careless parent leaves open to its children holds a secret.
                canary.write_text(house.secret)
                return _tried(probes, house, launcher, settle, judged, bare=True)


def run_warm(
    probes: Sequence[Probe],
    *,
    settle: float = SETTLE,
    judged: Judged = lambda _: None,
) -> list[Verdict]:
    """The programs that try to leave something, in engines that are there before and after them.

    Raises EngineMissing.
    """
    verdicts: list[Verdict] = []
    for engine in ("spark", "ray"):
        group = [p for p in probes if p.engine == engine and p.clause in _WARM]
        if not group:
            continue
        with (
            _base() as base,
            warm_runner(engine, base / "w", LARGE) as runner,
            _house(base, runner.ground) as house,
        ):
            for way in runner.ways:
                launcher = WarmLauncher(runner, way)
                named = [replace(probe, id=f"{probe.id}@{way}") for probe in group]
                verdicts += _tried(named, house, launcher, settle, judged, warm=engine)
    return verdicts


def _tried(
    probes: Sequence[Probe],
    house: House,
    launcher: Launcher,
    settle: float,
    judged: Judged,
    *,
    bare: bool = False,
    warm: str = "",
) -> list[Verdict]:
    court = Court(house, launcher, bare=bare, warm=warm)
    verdicts: list[Verdict] = []
    try:
        for engine, at_once in AT_ONCE.items():
            group = [p for p in probes if p.engine == engine]
            with ThreadPoolExecutor(at_once, "redteam") as pool:
                trials = list(pool.map(court.try_, group))
            _wait(trials, settle)
            for trial in trials:
                verdicts.append(trial.verdict())
                judged(verdicts[-1])
    finally:
        court.close()
    return verdicts


def _wait(trials: Sequence[Trial], settle: float) -> None:
    """Until the last run has been over for `settle` seconds, if any left something alive."""
    while any(trial.track.alive() for trial in trials):
        last = max(trial.ended for trial in trials)
        if time.monotonic() >= last + settle:
            return
        time.sleep(0.2)


@contextlib.contextmanager
def _house(base: Path, ground: Path) -> Iterator[House]:
    house = House.at(base, ground)
    try:
        yield house
    finally:
        house.terminal.close()


@contextlib.contextmanager
def _base() -> Iterator[Path]:
    """A folder of ours with a short path: sockets lie below it."""
    made = Path(tempfile.mkdtemp(prefix="arcr", dir="/tmp"))
    try:
        yield made
    finally:
        machine.remove(made)


def _caged(term: Screen, probes: Sequence[Probe], cage: Cage, *, warm: bool, json: bool) -> int:
    seen: list[Verdict] = []

    def judged(verdict: Verdict) -> None:
        seen.append(verdict)
        term.redraw(f"{len(seen)} programs judged, at least {len(probes)} in all")

    term.redraw(f"{len(probes)} programs run in a cage of tier {cage.tier}")
    verdicts = run_caged(probes, cage, judged=judged)
    if warm:
        try:
            verdicts += run_warm(probes, judged=judged)
        except EngineMissing as missing:
            term.say(f"The warm ways were not tried: {missing}")
    term.redraw()
    excused = report.excused(verdicts, cage)
    if json:
        _print(report.to_json(verdicts, cage, excused))
    else:
        for line in report.table(verdicts, cage, excused):
            term.say(line)
    bad = [v for v in verdicts if v.outcome is not Outcome.CONTAINED and v not in excused]
    return 1 if bad else 0


def _control(term: Screen, probes: Sequence[Probe], *, json: bool) -> int:
    root = os.geteuid() == 0
    probes = [p for p in probes if root or not p.root]
    term.redraw(f"{len(probes)} programs run bare, in throw-away folders")
    verdicts = run_bare(probes)
    term.redraw()
    blunt = [v for v in verdicts if v.outcome is not Outcome.ESCAPED]
    if json:
        found = [report.one(v) for v in verdicts]
        _print({"bit": len(verdicts) - len(blunt), "programs": found})
    else:
        term.say(f"{len(verdicts) - len(blunt)} of {len(verdicts)} programs bite without a cage.")
        for verdict in blunt:
            term.say(f"  {verdict.probe.id} did not: {verdict.evidence}")
    return 1 if blunt else 0


def _print(found: object) -> None:
    """For machines: on standard output, where the terminal's text is not."""
    sys.stdout.write(json_text.dumps(found, indent=2) + "\n")


def _matches(probe: Probe, word: str) -> bool:
    return word in probe.id or word in (probe.clause, probe.engine)
