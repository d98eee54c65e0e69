"""What became of every case, and the table."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from arclight.contracts.failure import FailureKind
from benchmarks.rehearsal.step import Ended

GOAL = 2.0
"""Seconds that a rehearsal may take in the warm session."""
OF_THE_PROGRAM = (FailureKind.CODE, FailureKind.DATA)


@dataclass
class Case:
    """One program; `kind` is the error in it, or empty."""

    name: str
    framework: str
    text: str
    kind: str = ""
    rehearsed: Ended | None = None
    run: Ended | None = None
    """On the whole data, where that was asked for."""

    @property
    def caught(self) -> bool:
        failure = self.rehearsed.failure if self.rehearsed else None
        return failure is not None and failure.kind in OF_THE_PROGRAM

    @property
    def right(self) -> bool:
        return self.caught is bool(self.kind)

    @property
    def true(self) -> bool:
        """The run on the whole data agrees that the program is good, or is not."""
        if self.run is None:
            return True
        if not self.kind:
            return self.run.failure is None or self.run.failure.code == "NO_ANSWER"
        return self.run.failure is not None and self.run.failure.kind in OF_THE_PROGRAM

    def line(self) -> str:
        """For the terminal."""
        assert self.rehearsed is not None
        failure = self.rehearsed.failure
        said = failure.code if failure else self.rehearsed.note or "passed"
        wrong = "" if self.right else "  WRONG" + (f": {failure.message}" if failure else "")
        if self.run is not None:
            code = self.run.failure.code if self.run.failure else "answered"
            said += f" | run: {code}, {self.run.seconds:.2f} s"
            wrong += "" if self.true else "  NOT TRUE"
            if not self.true and self.run.failure:
                wrong += f": {self.run.failure.message}"
        seconds = f"{self.rehearsed.seconds:5.2f} s {self.rehearsed.way}"
        return f"{seconds}  {self.name.splitlines()[0][:90]}  →  {said}{wrong}"


def table(cases: Sequence[Case]) -> str:
    """Markdown: by framework, what was caught, what passed, and the times."""
    head = "| | caught | let pass | median | longest | over 2 s |\n|---|---|---|---|---|---|"
    lines = [head]
    for framework in dict.fromkeys(case.framework for case in cases):
        own = [case for case in cases if case.framework == framework]
        faults, good = [c for c in own if c.kind], [c for c in own if not c.kind]
        for way in sorted({_way(c) for c in own}):
            part = [c for c in own if _way(c) == way]
            lines.append(_row(f"{framework}, {way}", part))
        lines.append(_row(f"**{framework}**", [*faults, *good]))
    lines.append(_row("**all**", cases))
    return "\n".join(lines)


def _way(case: Case) -> str:
    return case.rehearsed.way if case.rehearsed else ""


def _row(what: str, cases: Sequence[Case]) -> str:
    faults, good = [c for c in cases if c.kind], [c for c in cases if not c.kind]
    caught = f"{sum(c.caught for c in faults)} of {len(faults)} errors"
    passed = f"{sum(c.right for c in good)} of {len(good)} good programs"
    times = [c.rehearsed.seconds for c in cases if c.rehearsed]
    middle, longest = (f"{f(times):.2f} s" if times else "–" for f in (median, max))
    late = sum(t > GOAL for t in times)
    return f"| {what} | {caught} | {passed} | {middle} | {longest} | {late} |"
