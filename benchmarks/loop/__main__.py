"""`python -m benchmarks.loop`: run everything, print the table, write it into the docs."""

import argparse
import asyncio
import os
import platform
import re
import statistics
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from arclight.runtime.embedded import start_valkey
from arclight.runtime.settings import settings
from benchmarks.loop import accept
from benchmarks.loop.latency import Bare, Loop, Sample, sample
from benchmarks.loop.workers import workers

DOC = Path(__file__).parents[2] / "docs" / "performance.md"


def quantile(values: Sequence[float], q: float) -> float:
    return sorted(values)[min(len(values) - 1, int(q * len(values)))]


async def loop_rounds(rounds: int, jobs: int) -> tuple[list[Sample], list[Sample]]:
    bare, loop = Bare(settings()), Loop(settings())
    for side in (bare, loop):
        await sample(side, 10, 10)
    pairs = [
        (await sample(bare, jobs, jobs), await sample(loop, jobs, jobs)) for _ in range(rounds)
    ]
    return [b for b, _ in pairs], [own for _, own in pairs]


def loop_rows(bare: list[Sample], own: list[Sample]) -> list[str]:
    median = statistics.median
    rows = []
    for name, q in (("p50", 0.5), ("p99", 0.99)):
        a = [1000 * quantile(s.latencies, q) for s in own]
        b = [1000 * quantile(s.latencies, q) for s in bare]
        ratio = median(x / y for x, y in zip(a, b, strict=True))
        goal = "≤ 2.0" if q == 0.5 else "–"
        rows.append(
            f"| submit → terminal, {name} | {median(a):.1f} ms | {median(b):.1f} ms "
            f"| {ratio:.2f} | {goal} |"
        )
    ratio = median(x.throughput / y.throughput for x, y in zip(own, bare, strict=True))
    rows.append(
        f"| jobs/s, a burst | {median(s.throughput for s in own):.0f} "
        f"| {median(s.throughput for s in bare):.0f} | {ratio:.2f} | ≥ 0.5 |"
    )
    return rows


def accept_rows(rates: accept.Rates) -> list[str]:
    def row(what: str, a: list[float], b: list[float], goal: str) -> str:
        ratio = statistics.median(x / y for x, y in zip(a, b, strict=True))
        own, peer = statistics.median(a), statistics.median(b)
        return f"| {what} | {own:.0f} | {peer:.0f} | {ratio:.2f} | {goal} |"

    return [
        row("accept against validation only", rates.accept_few, rates.validation, "≥ 0.30"),
        row("accept, 10⁵ against 10² records", rates.accept_many, rates.accept_few, "≥ 0.80"),
        row("poll, 10⁵ against 10² records", rates.poll_many, rates.poll_few, "≥ 0.80"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--write", action="store_true", help=f"write {DOC.name}")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, start_valkey(Path(home) / "valkey") as server:
        env = {
            "ARCLIGHT_REDIS_URL": server.url,
            "ARCLIGHT_HOME": home,
            "ARCLIGHT_NAMESPACE": "bench",
            "ARCLIGHT_PORT": "18484",
        }
        os.environ.update(env)
        with workers(env):
            loop = loop_rows(*asyncio.run(loop_rounds(args.rounds, args.jobs)))
        print("\n".join(loop), flush=True)
        gateway = accept_rows(accept.measure(settings(), args.rounds, args.seconds))
        print("\n".join(gateway))
    if args.write:
        DOC.parent.mkdir(exist_ok=True)
        known = DOC.read_text() if DOC.exists() else ""
        DOC.write_text(document(loop, gateway, args) + others(known))


def others(known: str) -> str:
    """The sections that another benchmark wrote."""
    found = re.search(r"^## Execution.*", known, re.M | re.S)
    return f"\n{found[0]}" if found else ""


def document(loop: list[str], gateway: list[str], args: argparse.Namespace) -> str:
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    head = "| what | Arclight | peer | ratio | goal |\n|---|---|---|---|---|"
    return f"""# Performance

Written by `make bench` on {datetime.now(UTC):%Y-%m-%d}: {machine}. Ratios are what counts; the
machine is shared and noisy. Every figure is the median of {args.rounds} rounds in which both sides
took turns.

## The loop with nothing to do

A no-op generator, validator and executor in the shipped consumers and store, against three bare
Celery tasks in a chain on the same Valkey server. {args.jobs} jobs one after another, then
{args.jobs} at once.

{head}
{chr(10).join(loop)}

## The gateway

Requests per second over 16 connections, one gateway process. The peer of the first row is the same
app over a store that writes nothing.

{head}
{chr(10).join(gateway)}
"""


if __name__ == "__main__":
    main()
