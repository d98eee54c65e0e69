"""One program, its surroundings and its judge."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from arclight.sandbox.limits import GIB, MIB, Limits
from arclight.sandbox.redteam.clauses import Clause
from arclight.sandbox.redteam.judge import Verdict, judge
from arclight.sandbox.redteam.launching import Launcher, Order
from arclight.sandbox.redteam.observation import Looked, Observation, Ran
from arclight.sandbox.redteam.outside import METADATA
from arclight.sandbox.redteam.probe import Probe, honest
from arclight.sandbox.redteam.stage import House, Stage
from arclight.sandbox.redteam.witness import Track, Witness, end, found

SMALL = Limits(
    wall=timedelta(seconds=12),
    memory=256 * MIB,
    cores=1,
    output=32 * MIB,
    files=600,
    processes=48,
    log=64 * 1024,
    full_log=256 * 1024,
)
"""Of plain Python, so that breaking a limit is cheap."""
LARGE = Limits(
    wall=timedelta(seconds=90),
    memory=3 * GIB,
    cores=2,
    output=192 * MIB,
    files=20_000,
    processes=256,
    log=256 * 1024,
    full_log=MIB,
)
"""Of Spark and Ray, which take ten to thirty seconds to start on two busy cores."""
_RIGHT = 499_500
"""What a neighbour adds up."""
HEAD_START = 0.6
"""Seconds until a neighbour has begun; then the program starts beside it."""


@dataclass
class Trial:
    """A finished run whose survivors are still to be counted."""

    probe: Probe
    seen: Observation
    track: Track
    ended: float = field(default_factory=time.monotonic)

    def verdict(self) -> Verdict:
        """Counts what is alive now, ends it, and judges."""
        return judge(self.probe, self.counted().seen)

    def counted(self) -> "Trial":
        """With those that are alive now, which are ended."""
        # Whoever lives for milliseconds is in few of the lists that are made of processes.
        looks = 30 if self.probe.clause is Clause.SURVIVORS else 3
        left = tuple(f"{s.name} ({s.pid})" for s in found(self.track, looks))
        end(self.track)
        return replace(self, seen=replace(self.seen, left=(*self.seen.left, *left)))


class Court:
    """Runs programs of the corpus, several at once if need be."""

    def __init__(
        self, house: House, launcher: Launcher, *, bare: bool = False, warm: str = ""
    ) -> None:
        """`warm` names the engine that all programs find warm: then its neighbours use it, too."""
        self._house = house
        self._launcher = launcher
        self._bare = bare
        self._warm = warm
        self._witness = Witness()

    def close(self) -> None:
        self._witness.close()

    def try_(self, probe: Probe) -> Trial:
        """Run it once, with what its clause needs around it."""
        limits = limits_of(probe)
        stage = Stage(self._house, limits, bystander=True)
        track = Track(stage.token, limits, METADATA[0])
        assert stage.bystander is not None
        track.bystander = stage.bystander.pid
        self._witness.track(track)
        try:
            trial = self._try(probe, stage, track)
            # Without a cage nobody else ends what the program left, and some of it is busy.
            return trial.counted() if self._bare else trial
        except Exception as error:  # noqa: BLE001 one bad trial must not end the others
            end(track)
            why = f"{type(error).__name__}: {error}"
            return Trial(probe, Observation(ran=Ran(unstarted=why, failure=why)), track)
        finally:
            self._witness.drop(track)
            stage.close()

    def _try(self, probe: Probe, stage: Stage, track: Track) -> Trial:
        with_neighbour = bool(self._warm) or (not self._bare and "service" in probe.expects)
        beside = Neighbour(self, HEAD_START) if with_neighbour else None
        ran, looked = self.run(probe, stage, track)
        neighbour = beside.wrong() if beside else None
        following = self.neighbour() if with_neighbour else None
        assert stage.bystander is not None
        # The bystander's own witness first: it is asked only once.
        harm = tuple(sorted({*track.harm, *stage.bystander.harm()}))
        seen = Observation(
            ran=ran,
            looked=looked,
            peak=track.most,
            held=track.held,
            limits=stage.limits,
            canaries=stage.canaries,
            changes=stage.changes(),
            hits=tuple(dict.fromkeys(stage.listeners.hits)),
            contacts=tuple(sorted(track.contacts)),
            bystander=harm,
            kernel=tuple(sorted(track.kernel)),
            host=stage.host(),
            terminal=self._house.terminal.shows(stage.token),
            neighbour=neighbour,
            following=following,
            leftovers=self._leftovers(probe, stage),
        )
        return Trial(probe, seen, track)

    def run(self, probe: Probe, stage: Stage, track: Track) -> tuple[Ran, Looked]:
        """The bare run, without a judge."""
        looked: list[Looked] = []

        def started(root: Path) -> None:
            track.folder, track.slot = root, root.name

        def look(root: Path) -> None:
            track.measure(root)
            track.folder = None
            looked.append(stage.look(root))

        order = Order(probe, stage.token, stage.limits, stage.probe, started, look)
        ran = self._launcher.launch(order)
        return ran, looked[0] if looked else Looked()

    def neighbour(self) -> str | None:
        """What is wrong with an honest job; None when its answer is right."""
        name = f"{self._warm}_neighbour" if self._warm else "neighbour"
        ran, _ = self._honest(honest(name, self._warm or "python"))
        if ran.failure is not None:
            return ran.failure.strip().splitlines()[0]
        if ran.rows != 1 or str(_RIGHT).encode() not in ran.answer:
            return f"its answer has {ran.rows} rows and not the right number"
        return None

    def _leftovers(self, probe: Probe, stage: Stage) -> tuple[str, ...]:
        """What an honest job on the same engine finds of the token."""
        if probe.clause is not Clause.WARM or self._bare:
            return ()
        ran, _ = self._honest(honest(f"{probe.engine}_look", probe.engine))
        if ran.failure is not None:
            return (f"an engine that does not work: {ran.failure.strip().splitlines()[0]}",)
        token = stage.token.encode()
        return ("something that carries its token",) if token in ran.answer else ()

    def _honest(self, probe: Probe) -> tuple[Ran, Looked]:
        stage = Stage(self._house, replace(limits_of(probe), wall=LARGE.wall), bystander=False)
        try:
            return self.run(probe, stage, Track(stage.token, stage.limits, METADATA[0]))
        finally:
            stage.close()


class Neighbour:
    """An honest job that runs beside a hostile one."""

    def __init__(self, court: Court, head_start: float) -> None:
        self._wrong: list[str | None] = []
        self._thread = _thread(lambda: self._wrong.append(court.neighbour()))
        time.sleep(head_start)

    def wrong(self) -> str | None:
        self._thread.join(60.0)
        return self._wrong[0] if self._wrong else "it never came back"


def _thread(target: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=target, name="neighbour", daemon=True)
    thread.start()
    return thread


def limits_of(probe: Probe) -> Limits:
    """The limits under which this program runs."""
    limits = SMALL if probe.engine == "python" else LARGE
    return replace(limits, wall=probe.wall) if probe.wall is not None else limits
