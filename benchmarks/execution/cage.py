"""What the cage costs each program: through the launcher bare and caged, and in a warm process."""

import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from arclight.contracts.names import Way
from arclight.sandbox.cage.detect import detect
from arclight.sandbox.cage.policy import Policy
from arclight.sandbox.cage.tier import Cage
from arclight.sandbox.launch import LaunchSpec, run
from arclight.sandbox.limits import Limits
from arclight.sandbox.runner.engine import Start
from arclight.sandbox.runner.place import Listener
from arclight.sandbox.runner.process import House, Uids, start_member
from arclight.sandbox.runner.protocol import Go
from arclight.sandbox.scratch import Ground, Scratch, remove
from benchmarks.execution.processes import DidNotWork
from benchmarks.execution.report import Row, Section, milliseconds
from benchmarks.execution.rounds import Loads, interleaved

PROGRAM = "print(sum(range(1000)))\n"


class Plain:
    """An engine of nothing: Python alone."""

    name = "plain"

    def start(self, folder: Scratch, limits: Limits, way: Way, *, private_tmp: bool) -> Start:
        return Start(prepare=None, env={})


@dataclass(frozen=True)
class Programs:
    """Ways to run the same program to its end."""

    house: House

    def launched(self, cage: Cage | None) -> float:
        """Seconds of a Python process that starts for the program, in this cage or bare."""
        uid = None if cage is None else cage.uid
        folder = self._slot(uid)
        slot = Scratch(folder, -1)
        spec = LaunchSpec(
            run=folder.name,
            argv=[sys.executable, "-P", "-s", str(slot.program)],
            env=self.house.environment(slot, Limits()),
            scratch=folder,
            cwd=slot.work,
            cage=cage,
            policy=Policy(folder),
            uid=uid,
        )
        began = time.perf_counter()
        ended = run(spec, log=lambda _: None, cancelled=threading.Event())
        taken = time.perf_counter() - began
        remove(folder)
        if ended.code != 0:
            raise DidNotWork(f"A plain program ended with {ended}.")
        return taken

    def warm(self) -> float:
        """Seconds from the order to the end, in a caged process that waits for it."""
        uid = self.house.cage.uid
        folder = self._slot(uid)
        member = start_member(self.house, Plain(), folder, uid, Limits(), Way.WARM)
        nobody = Listener(lambda *_: None, lambda _: None, MappingProxyType({}), threading.Event())
        try:
            member.ready.wait(30)
            began = time.perf_counter()
            ended = member.run(
                Go(),
                Limits(),
                log=nobody.log,
                numbers=nobody.numbers,
                cancelled=nobody.cancelled,
                full=nobody.full,
            )
            taken = time.perf_counter() - began
        finally:
            member.end()
            remove(folder)
        if ended.code != 0:
            raise DidNotWork(f"A plain program in a warm process ended with {ended}.")
        return taken

    def _slot(self, uid: int | None) -> Path:
        folder = self.house.ground.slot(uid)
        program = Scratch(folder, -1).program
        program.write_text(PROGRAM)
        program.chmod(0o644)
        return folder


def measure(rounds: int, loads: Loads) -> Section:
    """At least 20 rounds: each takes a fraction of a second."""
    rounds, cage = max(20, rounds), detect()
    loads.note("the cage")
    taken = _take_turns(cage, rounds)
    bare = taken["bare"]
    more = [c - b for c, b in zip(taken["caged"], bare, strict=True)]
    return Section(
        "Execution: what the cage costs",
        f"A Python program that does next to nothing, in a cage of tier {cage.tier}. Bare and "
        "caged it starts a process through the launcher; warm, the process waits in its cage.",
        [
            Row("started in a cage", taken["caged"], "bare", bare, unit=milliseconds),
            Row("the cage's part of that", more, goal="≤ 100 ms", unit=milliseconds),
            Row("in a warm process", taken["warm"], "bare", bare, unit=milliseconds),
        ],
        rounds,
    )


def _take_turns(cage: Cage, rounds: int) -> dict[str, list[float]]:
    with tempfile.TemporaryDirectory(prefix="arccage-") as folder:
        # Programs of a root service run as other users, who must pass.
        Path(folder).chmod(0o711)
        ground = Ground(Path(folder, "s"))
        uploads = Path(folder, "uploads")
        uploads.mkdir()
        programs = Programs(House(ground, cage, uploads, Uids(cage.uid)))
        sides = {
            "bare": lambda: programs.launched(None),
            "caged": lambda: programs.launched(cage),
            "warm": programs.warm,
        }
        try:
            return interleaved(sides, rounds, lambda _: None)
        finally:
            ground.close()
