"""Verdicts from made-up observations: one table for what held and what did not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from arclight.sandbox.limits import MIB, Limits
from arclight.sandbox.redteam.clauses import Clause
from arclight.sandbox.redteam.judge import Outcome, judge
from arclight.sandbox.redteam.observation import Held, Looked, Observation, Peak, Ran
from arclight.sandbox.redteam.probe import Probe
from arclight.sandbox.watch import Reason

SECRET = "arcCanary/file+0123456789abcdef"
LIMITS = Limits(wall=timedelta(seconds=5), memory=100 * MIB, output=10 * MIB, files=100, log=1024)
SEEN = Observation(
    ran=Ran(code=1, failure="PermissionError: no"),
    limits=replace(LIMITS, processes=10),
    canaries=(("the canary", SECRET),),
)
RIGHT = Ran(rows=3)


def probe(clause: Clause = Clause.CANARY, *expects: str) -> Probe:
    return Probe("x", "X", clause, "python", "", expects=expects)


def ran(**changes: object) -> Observation:
    return replace(SEEN, ran=replace(SEEN.ran, **changes))  # type: ignore[arg-type]


ESCAPES = [
    (Clause.CANARY, (), ran(log=(f"it is {SECRET}",))),
    (Clause.SECRETS, (), ran(failure=f"KeyError: {SECRET}")),
    (Clause.CANARY, (), ran(answer=SECRET.encode().hex().encode())),
    (Clause.CANARY, (), ran(columns=(SECRET[::-1],))),
    (Clause.CANARY, (), replace(SEEN, looked=Looked(leaks=("work/x with it",)))),
    (Clause.OUTSIDE, (), replace(SEEN, changes=("/tmp/x",))),
    (Clause.LISTENER, (), replace(SEEN, hits=("TCP port",))),
    (Clause.LISTENER, (), replace(SEEN, contacts=("169.254.169.254",))),
    (Clause.SURVIVORS, (), replace(SEEN, left=("sh (7)",))),
    (Clause.DEADLINE, (), ran(seconds=15.1)),
    (Clause.SERVICE, (), replace(SEEN, neighbour="its answer is wrong")),
    (Clause.SERVICE, (), replace(SEEN, following="it was refused")),
    (Clause.SERVICE, (), ran(broken="OSError")),
    (Clause.SERVICE, (), replace(SEEN, bystander=("has foreign bytes in its memory",))),
    (Clause.SIGNALS, (), replace(SEEN, bystander=("was stopped by a signal",))),
    (Clause.FORGED, ("refused",), ran(failure=None, rows=9)),
    (Clause.FORGED, ("rows:3",), ran(failure=None, rows=63)),
    (Clause.MISSING, ("refused",), ran(failure=None, rows=None)),
    (Clause.END, ("answer:1",), ran(failure="no answer")),
    (Clause.END, ("end",), ran(seconds=9.0)),
    (Clause.BOUNDED, (), replace(ran(code=0), peak=Peak(memory=200 * MIB))),
    (Clause.BOUNDED, (), replace(ran(code=0), peak=Peak(hidden=200 * MIB))),
    (Clause.BOUNDED, (), replace(ran(code=0), peak=Peak(processes=20))),
    (Clause.BOUNDED, (), replace(ran(code=0), peak=Peak(threads=201))),
    (Clause.BOUNDED, (), replace(ran(code=0), peak=Peak(disk=20 * MIB))),
    (Clause.BOUNDED, (), replace(ran(reason=Reason.OUTPUT), peak=Peak(entries=1001))),
    (Clause.BOUNDED, (), replace(ran(failure=None), peak=Peak(entries=101))),
    (Clause.BOUNDED, (), ran(log=("x" * 10_000,))),
    (Clause.BOUNDED, ("collector",), ran(memory=300 * MIB)),
    (Clause.LIMITS, (), replace(SEEN, held=Held(raised=("open files",)))),
    (Clause.DESCRIPTORS, (), replace(SEEN, held=Held(descriptors=("4 -> /x",)))),
    (Clause.HOST, (), replace(SEEN, held=Held(spaces=("root folder",)))),
    (Clause.HOST, (), replace(SEEN, kernel=("a ring",))),
    (Clause.HOST, (), replace(SEEN, host=("core_pattern",))),
    (Clause.HOST, (), replace(SEEN, terminal=True)),
    (Clause.HOST, (), replace(SEEN, looked=Looked(devices=("work/memory",)))),
    (Clause.CONTROL, (), ran(log=("a\x1b[2J",))),
    (Clause.CONTROL, (), ran(failure="a \u202e b")),
    (Clause.CONTROL, (), ran(columns=("a\nb",))),
    (Clause.REMOVED, (), ran(folder_left=True)),
    (Clause.NAMES, ("refused",), ran(failure=None, rows=1)),
    (Clause.WARM, (), replace(SEEN, leftovers=("a view",))),
]


@pytest.mark.parametrize(("clause", "expects", "seen"), ESCAPES)
def test_what_got_out_is_named(clause: Clause, expects: tuple[str, ...], seen: Observation) -> None:
    verdict = judge(probe(clause, *expects), seen)

    assert verdict.outcome is Outcome.ESCAPED
    assert verdict.clause is clause
    assert verdict.evidence.endswith(".")


HELD = [
    ((), SEEN),
    ((), ran(reason=Reason.WALL, code=None, signal=9, seconds=7.0)),
    ((), replace(ran(reason=Reason.MEMORY), peak=Peak(memory=300 * MIB))),
    ((), replace(ran(reason=Reason.OUTPUT), peak=Peak(entries=350))),
    (("refused",), SEEN),
    (("rows:3",), SEEN),
    (("rows:3",), replace(SEEN, ran=RIGHT)),
    (("answer:3",), replace(SEEN, ran=RIGHT)),
    (("limits",), replace(SEEN, held=Held())),
    ((), ran(log=("a tab\t and \\x1b[2J shown",), failure="two\nlines")),
    ((), replace(SEEN, looked=Looked(setid=("work/shell",)))),
]


@pytest.mark.parametrize(("expects", "seen"), HELD)
def test_what_held_is_contained(expects: tuple[str, ...], seen: Observation) -> None:
    verdict = judge(probe(Clause.HOST, *expects), seen)

    assert verdict.outcome is Outcome.CONTAINED
    assert verdict.evidence


@pytest.mark.parametrize(
    ("expects", "seen"),
    [
        ((), ran(unstarted="the cage cannot be closed")),
        ((), ran(reason=Reason.CANCELLED)),
        ((), ran(failure="NameError: name 'x' is not defined")),
        (("descriptors",), SEEN),
    ],
)
def test_what_nobody_saw_proves_nothing(expects: tuple[str, ...], seen: Observation) -> None:
    assert judge(probe(Clause.CANARY, *expects), seen).outcome is Outcome.INCONCLUSIVE


def test_an_escape_elsewhere_counts_and_the_own_clause_comes_first() -> None:
    seen = replace(SEEN, left=("sh (7)",), changes=("/tmp/x",))

    verdict = judge(probe(Clause.OUTSIDE), seen)

    assert verdict.outcome is Outcome.ESCAPED
    assert [e.clause for e in verdict.escapes] == [Clause.OUTSIDE, Clause.SURVIVORS]
