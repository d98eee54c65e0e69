"""`python -m benchmarks.answers.speed`: how long the planner takes for one prompt, and its memory.

On a generated schema of 10 tables × 20 columns whose profiles are ready. Every round is a process
of its own. Nothing is rendered or executed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from benchmarks.answers import docs
from benchmarks.answers.speed_data import PROMPTS, write_tables

ROUNDS = 5
REPEATS = 5
"""Times that each prompt is planned in a round, after the first time."""
GOAL_MS, GOAL_MB, GOAL_IMPORT = 20.0, 100.0, 1.0
TITLE = "Speed of the planner"


@dataclass(frozen=True)
class Round:
    """What one process measured."""

    import_seconds: float
    imported_mb: float
    memory_mb: float
    """Above import: the profiles, and everything the planner keeps after all prompts."""
    first_ms: float
    """The very first prompt."""
    ms: list[float]
    """Every further planning of a prompt, on a catalog that the planner saw before."""
    fresh_ms: list[float]
    """The same where each prompt brings its profiles anew, as each job does."""
    answered: int


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.answers.speed", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--write", action="store_true", help=f"write {docs.DOC.name}")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        print(json.dumps(asdict(measure(args.child))))
        return
    with tempfile.TemporaryDirectory(prefix="speed-") as folder:
        profiled(Path(folder))
        rounds = [_in_a_process(Path(folder)) for _ in range(args.rounds)]
    text = report(rounds)
    print(text)
    if args.write:
        docs.put(TITLE, f"{docs.measured()}\n\n{text}")
    print(summary(rounds))


def profiled(folder: Path) -> None:
    """Writes the tables and their profiles, so that a round finds the catalog ready."""
    from arclight.catalog.intake import check_file

    for path in write_tables(folder):
        profile = check_file(path, path.name).profile.model_copy(update={"uri": path.as_uri()})
        path.with_suffix(".json").write_text(profile.model_dump_json(), "utf-8")


def measure(folder: Path) -> Round:
    """One round, in this process, which must not have imported the planner before."""
    begun = time.perf_counter()
    # The import is what is measured.
    from arclight.catalog.profile import TableProfile
    from arclight.contracts.failure import StepFailed
    from arclight.contracts.names import Framework
    from services.codegen.generator import Ask
    from services.codegen.planner.planner import plan

    import_seconds, imported = time.perf_counter() - begun, _resident_mb()
    texts = [path.read_bytes() for path in sorted(folder.glob("*.json"))]

    def ready() -> tuple[TableProfile, ...]:
        return tuple(TableProfile.model_validate_json(text) for text in texts)

    answered: set[str] = set()

    def timed(prompt: str, tables: tuple[TableProfile, ...]) -> float:
        ask = Ask(prompt=prompt, tables=tables, framework=Framework.SPARK)
        start = time.perf_counter()
        try:
            plan(ask)
            answered.add(prompt)
        except StepFailed:
            pass  # A question back takes as long as an answer.
        return 1000 * (time.perf_counter() - start)

    tables = ready()
    first = [timed(prompt, tables) for prompt in PROMPTS]
    again = [timed(prompt, tables) for _ in range(REPEATS) for prompt in PROMPTS]
    fresh = [timed(prompt, ready()) for prompt in PROMPTS]
    memory = _resident_mb() - imported
    return Round(import_seconds, imported, memory, first[0], again, fresh, len(answered))


def report(rounds: Sequence[Round]) -> str:
    """Markdown."""
    every, fresh = ([ms for r in rounds for ms in getattr(r, name)] for name in ("ms", "fresh_ms"))
    rows: Mapping[str, tuple[str, str]] = {
        "one prompt, median": (f"{median(every):.1f} ms", f"≤ {GOAL_MS:.0f} ms"),
        "one prompt, 90th percentile": (f"{_percentile(every, 0.9):.1f} ms", "–"),
        "one prompt, longest": (f"{max(every):.1f} ms", "–"),
        "one prompt with profiles that are new to the planner, median": (
            f"{median(fresh):.1f} ms",
            f"≤ {GOAL_MS:.0f} ms",
        ),
        "the first prompt of a process": (f"{_mid(rounds, 'first_ms'):.1f} ms", "–"),
        "import": (f"{_mid(rounds, 'import_seconds'):.2f} s", f"≤ {GOAL_IMPORT:.0f} s"),
        "memory above import": (f"{_mid(rounds, 'memory_mb'):.0f} MB", f"≤ {GOAL_MB:.0f} MB"),
        "memory after import, Python included": (f"{_mid(rounds, 'imported_mb'):.0f} MB", "–"),
    }
    table = "\n".join(f"| {what} | {value} | {goal} |" for what, (value, goal) in rows.items())
    about = (
        f"{len(PROMPTS)} prompts ({rounds[0].answered} of them answered, the others asked back) "
        f"over 10 tables × 20 columns, profiles ready; {len(rounds)} rounds."
    )
    return f"{about}\n\n| what | measured | goal |\n|---|---|---|\n{table}"


def summary(rounds: Sequence[Round]) -> str:
    """One line."""
    every, fresh = ([ms for r in rounds for ms in getattr(r, name)] for name in ("ms", "fresh_ms"))
    return (
        f"planner: {median(every):.1f} ms per prompt (median; {median(fresh):.1f} ms with new "
        f"profiles), {_mid(rounds, 'memory_mb'):.0f} MB above import, import "
        f"{_mid(rounds, 'import_seconds'):.2f} s"
    )


def _in_a_process(folder: Path) -> Round:
    command = [sys.executable, "-m", "benchmarks.answers.speed", "--child", str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=600)
    return Round(**json.loads(done.stdout))


def _mid(rounds: Sequence[Round], name: str) -> float:
    return float(median(getattr(r, name) for r in rounds))


def _percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
