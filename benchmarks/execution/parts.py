"""The parts of the benchmark that need a stack: Spark, Ray, several at once, start and memory."""

import statistics
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psutil

from benchmarks.execution import memory
from benchmarks.execution.data import Input
from benchmarks.execution.ours import Installation, Stack
from benchmarks.execution.peers import RayJobs, Spark, ray_head
from benchmarks.execution.processes import free_port
from benchmarks.execution.report import Row, Section, gigabytes
from benchmarks.execution.rounds import Loads, Side, interleaved

SUBMIT, CONNECT, RAY_JOB = "spark-submit", "Spark Connect, fresh client", "ray job submit"
AT_ONCE = (1, 2, 4, 8)
SUBMIT_AT_MOST = 2
"""At once: each takes half a gigabyte and all cores for as long as it starts."""
GOALS = {("shared", "10MB"): "≤ 0.10", ("one-shot", "10MB"): "≤ 0.30"}
LARGE_GOAL = "≤ 1.00"


@dataclass
class Bench:
    """What the parts share."""

    installation: Installation
    spark: Spark | str
    """Or why there is none."""
    ray: Path | str
    """Where Ray with its job API is installed; or why it is not."""
    rounds: int
    loads: Loads
    idle: dict[str, int] = field(default_factory=dict)
    """Bytes of what waits warm, by the name of the peer."""

    def take_turns(
        self, what: str, sides: Mapping[str, Side], settle: Callable[[], None]
    ) -> dict[str, list[float]]:
        """Interleaved rounds; each side finds everything settled."""

        def settled(side: Side) -> float:
            settle()
            return side()

        return interleaved(
            {name: partial(settled, side) for name, side in sides.items()},
            self.rounds,
            lambda number: self.loads.note(f"{what}, round {number + 1}"),
        )


def spark(bench: Bench, stack: Stack, inputs: list[Input]) -> Section:
    """Every size, shared and one-shot, against `spark-submit` and Spark Connect."""
    rows: list[Row] = []
    with ExitStack() as exit_:
        port, small = free_port(), inputs[0]
        stack.job("spark", small)
        if isinstance(bench.spark, Spark):
            server = exit_.enter_context(bench.spark.connect_server(port))
            bench.spark.client(small, port)
        for given in inputs:
            sides: dict[str, Side] = {
                "shared": partial(stack.job, "spark", given),
                "one-shot": partial(stack.job, "spark", given, "job"),
            }
            if isinstance(bench.spark, Spark):
                sides[SUBMIT] = partial(bench.spark.submit, given)
                sides[CONNECT] = partial(bench.spark.client, given, port)
            stack.source(given)
            rows += _spark_rows(
                given.size, bench.take_turns(f"Spark, {given.size}", sides, stack.settle)
            )
        if isinstance(bench.spark, Spark):
            bench.idle["Spark Connect server"] = memory.pss(server)
    return Section(
        "Execution: Spark",
        "One group-by of a CSV file into Parquet, the program that the planner writes. Arclight: "
        "from `POST` to the answer, warm. `spark-submit` and Spark Connect are stock, on "
        f"{_java(bench)}, with as many cores and as much heap; the Connect server is warm, its "
        "client a new process.",
        rows,
        bench.rounds,
        [_ways(stack, "spark"), *_missing(SUBMIT, bench.spark)],
    )


def _spark_rows(size: str, taken: Mapping[str, list[float]]) -> list[Row]:
    rows = []
    for way in ("shared", "one-shot"):
        goal = LARGE_GOAL if size == "1GB" else GOALS.get((way, size), "–")
        what = f"{size}, {way}"
        rows.append(Row(what, taken[way], SUBMIT, taken.get(SUBMIT, ()), goal))
        if way == "shared":
            rows.append(Row(what, taken[way], CONNECT, taken.get(CONNECT, ())))
    return rows


def ray(bench: Bench, stack: Stack, inputs: list[Input]) -> Section:
    """Every size on the warm Ray, against `ray job submit`; the first also on a Ray of its own."""
    rows: list[Row] = []
    with ExitStack() as exit_:
        stack.job("ray", inputs[0])
        peer = None
        if isinstance(bench.ray, Path):
            peer = exit_.enter_context(ray_head(bench.installation.folder, bench.ray))
            peer.submit(inputs[0])
        for given in inputs:
            rows += _ray_rows(bench, stack, peer, given, alone=given is inputs[0])
        if peer is not None:
            bench.idle["Ray head with dashboard"] = memory.pss(peer.head)
    return Section(
        "Execution: Ray",
        "The same group-by as a Ray program. `ray job submit` goes to a running head with "
        "dashboard, with as many cores and as large an object store.",
        rows,
        bench.rounds,
        [_ways(stack, "ray"), *_missing(RAY_JOB, bench.ray)],
    )


def _ray_rows(
    bench: Bench, stack: Stack, peer: RayJobs | None, given: Input, *, alone: bool
) -> list[Row]:
    sides: dict[str, Side] = {"shared": partial(stack.job, "ray", given)}
    if alone:
        sides["one-shot"] = partial(stack.job, "ray", given, "job")
    if peer is not None:
        sides[RAY_JOB] = partial(peer.submit, given)
    stack.source(given)
    taken = bench.take_turns(f"Ray, {given.size}", sides, stack.settle)
    theirs = taken.pop(RAY_JOB, [])
    goals = {("shared", "10MB"): "≤ 0.10"}
    return [
        Row(f"{given.size}, {way}", own, RAY_JOB, theirs, goals.get((way, given.size), "–"))
        for way, own in taken.items()
    ]


def concurrency(bench: Bench, stack: Stack, given: Input) -> Section:
    """Some jobs at once: how long the last one takes, and the one in the middle."""
    rows = []
    stack.job("spark", given)
    stack.job("ray", given)
    for jobs in AT_ONCE:
        middle: dict[str, list[float]] = {"spark": [], "ray": []}

        def burst(framework: str, at_once: int, kept: dict[str, list[float]]) -> float:
            taken = stack.burst(framework, given, at_once)
            kept[framework].append(statistics.median(taken))
            return max(taken)

        sides: dict[str, Side] = {f: partial(burst, f, jobs, middle) for f in ("spark", "ray")}
        submit = bench.spark if jobs <= SUBMIT_AT_MOST else None
        if isinstance(submit, Spark):
            sides[SUBMIT] = partial(submit.at_once, given, jobs)
        taken = bench.take_turns(f"{jobs} at once", sides, stack.settle)
        peer = SUBMIT if jobs <= SUBMIT_AT_MOST else ""
        rows.append(Row(f"{jobs} on Spark, last", taken["spark"], peer, taken.get(SUBMIT, ())))
        rows.append(Row(f"{jobs} on Spark, median", middle["spark"]))
        rows.append(Row(f"{jobs} on Ray, last", taken["ray"]))
        rows.append(Row(f"{jobs} on Ray, median", middle["ray"]))
    return Section(
        "Execution: several at once",
        f"Jobs over {given.size} that are posted together, shared. The last answer counts, and "
        "the one in the middle.",
        rows,
        bench.rounds,
        _missing(SUBMIT, bench.spark),
    )


@dataclass
class Starts:
    """A value per round."""

    ready: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    idle: list[float] = field(default_factory=list)
    peak: list[float] = field(default_factory=list)
    ways: set[str] = field(default_factory=set)

    def said(self) -> str:
        return ", ".join(sorted(self.ways))


def start_and_memory(bench: Bench, given: Input) -> Section:
    """Stacks that start on a home that was used: until ready, the first job, memory."""
    if given.size not in bench.installation.sources:
        with bench.installation.up() as stack:
            stack.source(given)
    warm, lazy = Starts(), Starts()
    sides: dict[str, Side] = {
        "warm, first job": partial(_start, bench.installation, given, warm, lazy=False),
        "lazy, first job": partial(_start, bench.installation, given, lazy, lazy=True),
    }
    if isinstance(bench.spark, Spark):
        sides[SUBMIT] = partial(bench.spark.submit, given)
    taken = bench.take_turns("start", sides, lambda: None)
    submit = taken.get(SUBMIT, [])
    rows = [
        Row("first job, Spark", warm.first, SUBMIT, submit, "≤ 0.60"),
        Row("first job, Spark, `--lazy`", lazy.first, SUBMIT, submit),
        Row("ready", warm.ready, goal="≤ 60 s"),
        Row("ready, `--lazy`", lazy.ready, goal="≤ 10 s"),
        Row("idle", warm.idle, goal="≤ 3.0 GB", unit=gigabytes),
        Row("idle, `--lazy`", lazy.idle, goal="≤ 0.7 GB", unit=gigabytes),
        Row(f"peak over {given.size} jobs", warm.peak, unit=gigabytes),
    ]
    notes = [f"Ways of the first jobs: {warm.said()}; `--lazy`: {lazy.said()}."]
    notes += [f"{k}, idle after its jobs: {gigabytes(v)}." for k, v in bench.idle.items()]
    return Section(
        "Execution: start and memory",
        "`arclight up` on a home that was used before; the first job is posted as soon as it says "
        "that it is ready. Memory is the proportional set size of all its processes; the peak is "
        "over a shared and a one-shot Spark job and a Ray job.",
        rows,
        bench.rounds,
        [*notes, *_missing(SUBMIT, bench.spark)],
    )


def _start(installation: Installation, given: Input, kept: Starts, *, lazy: bool) -> float:
    with installation.up(lazy=lazy) as stack:
        kept.ready.append(stack.ready)
        if lazy:
            # Afterwards an engine runs.
            kept.idle.append(memory.pss(stack.process))
        kept.first.append(stack.job("spark", given))
        kept.ways.update(*stack.ways.values())
        if not lazy:
            stack.settle()
            kept.idle.append(memory.pss(stack.process))
            kept.peak.append(_peak(stack.process, stack, given))
        return kept.first[-1]


def _peak(root: psutil.Process, stack: Stack, given: Input) -> int:
    with memory.peak(root) as seen:
        stack.job("spark", given)
        stack.job("spark", given, "job")
        stack.job("ray", given)
    return seen.bytes


def _ways(stack: Stack, framework: str) -> str:
    """So that a figure of a warm engine that was a cold one is seen as such."""
    taken = [
        f"{kind.split()[1]}: {', '.join(sorted(ways))}"
        for kind, ways in sorted(stack.ways.items())
        if kind.startswith(framework)
    ]
    return f"Ways that the programs took, by the isolation asked for: {'; '.join(taken)}."


def _java(bench: Bench) -> str:
    return f"Java {bench.spark.release}" if isinstance(bench.spark, Spark) else "the machine's Java"


def _missing(peer: str, found: object) -> list[str]:
    return [f"No `{peer}` here: {found}."] if isinstance(found, str) else []
