"""One function for each thing that a judge looks at. Each yields the escapes that it sees."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import MappingProxyType

from arclight.sandbox.limits import MIB
from arclight.sandbox.redteam import needle
from arclight.sandbox.redteam.clauses import Clause
from arclight.sandbox.redteam.observation import Observation
from arclight.sandbox.redteam.probe import Probe
from arclight.sandbox.watch import Reason

DEADLINE_SLACK = 10.0
"""Seconds past the time limit until which a run must be over."""
LONGEST_GOODBYE = 8.0
"""Seconds within which a program that ends at once must be seen to have ended."""
LOG_SLACK = 8 * 1024
"""Bytes of notes about what was cut, and of a last line."""
COLLECTOR = 256 * MIB
"""Bytes that reading an answer may cost the process outside."""
FAR = 10
"""Times a limit that nothing may use, however it ends."""
TASKS = 16
"""Threads for each process that a run may have: a JVM has sixty, Ray some hundreds in all."""

HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]"
)
"""Characters that act on a terminal or turn text around. A line break is one in a text of lines."""


@dataclass(frozen=True)
class Escape:
    """One promise that did not hold."""

    clause: Clause
    evidence: str


def leaks(seen: Observation) -> Iterator[Escape]:
    ran = seen.ran
    places = (
        ("the log", "\n".join(ran.log).encode()),
        ("the failure", (ran.failure or "").encode()),
        ("the names of columns", "\n".join(ran.columns).encode()),
        ("the answer", ran.answer),
    )
    for place, text in places:
        if how := needle.first(seen.canaries, text):
            clause = Clause.SECRETS if place == "the failure" else Clause.CANARY
            yield Escape(clause, f"{place.capitalize()} holds {how}.")
    for leak in seen.looked.leaks:
        yield Escape(Clause.CANARY, f"The run's folder holds {leak}.")


def outside(seen: Observation) -> Iterator[Escape]:
    for change in seen.changes:
        yield Escape(Clause.OUTSIDE, f"Changed outside: {change}.")
    for change in seen.host:
        yield Escape(Clause.HOST, f"The machine is not as it was: {change}.")
    if seen.terminal:
        yield Escape(Clause.HOST, "Its text came out of the operator's terminal.")


def listeners(seen: Observation) -> Iterator[Escape]:
    for hit in (*seen.hits, *seen.contacts):
        yield Escape(Clause.LISTENER, f"Contacted: {hit}.")


def survivors(seen: Observation) -> Iterator[Escape]:
    if seen.left:
        yield Escape(Clause.SURVIVORS, f"Alive long after the end: {', '.join(seen.left[:3])}.")


def deadline(seen: Observation) -> Iterator[Escape]:
    most = seen.limits.wall.total_seconds() + DEADLINE_SLACK
    if seen.ran.seconds > most:
        yield Escape(
            Clause.DEADLINE, f"Over after {seen.ran.seconds:.1f} s, and {most:.1f} s is the latest."
        )


def service(seen: Observation) -> Iterator[Escape]:
    if seen.ran.broken:
        yield Escape(Clause.SERVICE, f"The service itself failed: {seen.ran.broken}.")
    for who, wrong in (("beside", seen.neighbour), ("after", seen.following)):
        if wrong is not None:
            yield Escape(Clause.SERVICE, f"The job {who} it went wrong: {wrong}.")


def bystander(seen: Observation) -> Iterator[Escape]:
    for harm in seen.bystander:
        clause = Clause.SIGNALS if "signal" in harm else Clause.SERVICE
        yield Escape(clause, f"A process outside {harm}.")


def bounded(seen: Observation) -> Iterator[Escape]:
    """Over a limit and ended for it is what limits are for; far over it is not."""
    peak, limits, ran = seen.peak, seen.limits, seen.ran
    uses = (
        ("bytes of memory", peak.memory + peak.hidden, limits.memory),
        ("processes", peak.processes, limits.processes),
        ("threads", peak.threads, limits.processes * TASKS),
        ("bytes on disk", peak.disk, limits.output),
        ("directory entries", peak.entries, limits.files),
        ("bytes in one file", peak.largest, limits.file_size),
    )
    for what, used, most in uses:
        unpunished = used > most and ran.reason is Reason.ENDED and ran.failure is None
        unnoticed = used > most * 1.25 and ran.reason is Reason.ENDED and ran.code == 0
        if unpunished or unnoticed or used > most * FAR:
            yield Escape(Clause.BOUNDED, f"It had {used:,} {what} where {most:,} are allowed.")
    logged = sum(len(line.encode()) + 1 for line in ran.log)
    if logged > limits.log + LOG_SLACK:
        yield Escape(Clause.BOUNDED, f"{logged:,} bytes of log were kept of {limits.log:,}.")


def held(seen: Observation) -> Iterator[Escape]:
    if seen.held is None:
        return
    for what in seen.held.descriptors:
        yield Escape(Clause.DESCRIPTORS, f"It was given a descriptor: {what}.")
    for what in seen.held.raised:
        yield Escape(Clause.LIMITS, f"It raised its limits: {what}.")
    for what in seen.held.spaces:
        yield Escape(Clause.HOST, f"It changed where it lives: {what}.")


def kernel(seen: Observation) -> Iterator[Escape]:
    for what in seen.kernel:
        yield Escape(Clause.HOST, f"It got hold of {what}.")


def control(seen: Observation) -> Iterator[Escape]:
    ran = seen.ran
    channels = (
        ("log", "\n".join(ran.log)),
        ("failure", ran.failure or ""),
        ("names of columns", "".join(ran.columns)),
    )
    for channel, text in channels:
        bad = HARMFUL.search(text)
        if bad is None and channel == "names of columns":
            bad = re.search("[\t\r\n]", text)
        if bad is not None:
            evidence = f"The {channel} holds U+{ord(bad[0]):04X} as it was written."
            yield Escape(Clause.CONTROL, evidence)


def folder(seen: Observation) -> Iterator[Escape]:
    if seen.ran.folder_left:
        yield Escape(Clause.REMOVED, "The run's folder is still there.")
        for name in seen.looked.setid:
            yield Escape(Clause.NAMES, f"A program with set-id bits stayed: {name}.")
    for name in seen.looked.devices:
        yield Escape(Clause.HOST, f"A device was made: {name}.")


def leftovers(seen: Observation) -> Iterator[Escape]:
    for what in seen.leftovers:
        yield Escape(Clause.WARM, f"The next job on the engine found {what}.")


ALWAYS: tuple[Callable[[Observation], Iterator[Escape]], ...] = (
    leaks, outside, listeners, survivors, deadline, service, bystander, bounded, held, kernel,
    control, folder, leftovers,
)  # fmt: skip


def refused(probe: Probe, seen: Observation, _: str) -> Iterator[Escape]:
    if seen.ran.failure is None:
        clause = probe.clause if probe.clause in _ANSWERS else Clause.FORGED
        yield Escape(clause, f"An answer of {seen.ran.rows} rows was accepted.")


_ANSWERS = {Clause.FORGED, Clause.MISSING, Clause.NAMES, Clause.BOUNDED}


def rows(probe: Probe, seen: Observation, value: str) -> Iterator[Escape]:
    """The answer is refused, or it has the rows that it has."""
    if seen.ran.failure is None and seen.ran.rows != int(value):
        yield Escape(Clause.FORGED, f"{seen.ran.rows} rows were believed where {value} are.")


def answer(probe: Probe, seen: Observation, value: str) -> Iterator[Escape]:
    """The answer is honest and must be taken."""
    if seen.ran.failure is not None or seen.ran.rows != int(value):
        yield Escape(probe.clause, f"An honest answer of {value} rows was not taken.")


def end(probe: Probe, seen: Observation, _: str) -> Iterator[Escape]:
    if seen.ran.seconds > LONGEST_GOODBYE:
        yield Escape(Clause.END, f"It ended at once and was seen after {seen.ran.seconds:.1f} s.")


def collector(probe: Probe, seen: Observation, _: str) -> Iterator[Escape]:
    if seen.ran.memory > COLLECTOR:
        yield Escape(
            Clause.BOUNDED, f"Reading its answer took {seen.ran.memory:,} bytes of memory outside."
        )


ASKED = MappingProxyType(
    {"refused": refused, "rows": rows, "answer": answer, "end": end, "collector": collector}
)
NEEDS_SIGN = frozenset({"limits", "descriptors", "namespaces", "kernel"})
"""What can only be seen of a process that holds still under a sign."""
