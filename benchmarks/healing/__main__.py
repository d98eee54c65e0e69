"""`python -m benchmarks.healing [--cases N] [--seed N] [--only CLASS] [--write]`."""

import argparse
import asyncio
import json
import logging
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import structlog

from arclight.runtime.settings import Settings
from benchmarks.healing import report
from benchmarks.healing.engines import EXECUTE, warm
from benchmarks.healing.loop import Loop
from benchmarks.healing.outcome import Outcome, reached
from benchmarks.healing.platform import Survived
from benchmarks.healing.run import chosen, heal, withstand

SEED = 2026


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when both goals are reached and the platform's faults cost nothing."""
    asked = _arguments(arguments)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="heal") as folder:
        settings = Settings(home=Path(folder) / "home", scratch=Path(folder) / "s")
        Path(folder).chmod(0o755)  # Programs run as other users, who must reach their folders.
        with warm(settings):
            outcomes, survived = asyncio.run(_measured(Loop(settings, EXECUTE), asked))
    seconds = time.monotonic() - began
    print(report.table(outcomes), *report.wrong(outcomes), sep="\n")
    print(report.platform_table(survived))
    if asked.out:
        _save(asked.out, outcomes, survived)
    if asked.write:
        report.write(outcomes, survived, asked.seed, seconds)
    return 0 if reached(outcomes) and all(s.free for s in survived) else 1


async def _measured(loop: Loop, asked: argparse.Namespace) -> tuple[list[Outcome], list[Survived]]:
    cases = [c for c in chosen(loop, asked.cases, asked.seed) if _wanted(c.fault.kind, asked.only)]
    outcomes = await heal(loop, cases, lambda line: print(line, file=sys.stderr, flush=True))
    return outcomes, [] if asked.only else await withstand(loop)


def _wanted(kind: str, only: Sequence[str]) -> bool:
    return not only or any(word in kind for word in only)


def _save(path: Path, outcomes: Sequence[Outcome], survived: Sequence[Survived]) -> None:
    found = {"cases": [asdict(o) for o in outcomes], "platform": [asdict(s) for s in survived]}
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.healing", description=__doc__)
    parser.add_argument("--cases", type=int, default=100, help="how many faulty programs")
    parser.add_argument("--seed", type=int, default=SEED, help="of the set and its data")
    parser.add_argument("--only", action="append", default=[], help="classes with this word")
    parser.add_argument("--out", type=Path, help="every outcome, as JSON")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/healing.md")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
