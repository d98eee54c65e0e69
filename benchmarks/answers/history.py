"""The log of scores by commit."""

import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.answers.outcome import Outcome, Status
from benchmarks.answers.report import groups, percent, right

FILE = Path(__file__).parent / "HISTORY.md"
_HEAD = """# Score by commit

Strict execution accuracy in per cent, newest last. `sql` is the plan on DuckDB, the others are the
generated programs on the real engine. A commit with `+` had changes that were not committed.

| date | commit | framework | n | strict | sure: precision at coverage | errors |
|---|---|---|---|---|---|---|
"""


def add(outcomes: Sequence[Outcome], framework: str) -> None:
    """A row for this run."""
    text = FILE.read_text("utf-8") if FILE.exists() else _HEAD
    FILE.write_text(text + row(outcomes, framework, datetime.now(UTC), commit()) + "\n", "utf-8")


def row(outcomes: Sequence[Outcome], framework: str, when: datetime, commit: str) -> str:
    """Date, commit, figures."""
    parts = [
        f"{name} {kind} {percent(right(part), len(part))}"
        for (name, kind), part in groups(outcomes).items()
    ]
    sure = [o for o in outcomes if o.certainty == "sure"]
    cells = [
        *(f"{when:%Y-%m-%d %H:%M}", commit, framework, str(len(outcomes)), ", ".join(parts)),
        f"{percent(right(sure), len(sure))} at {percent(len(sure), len(outcomes))}",
        str(sum(o.status == Status.ERROR for o in outcomes)),
    ]
    return f"| {' | '.join(cells)} |"


def commit() -> str:
    """The short id, with `+` where the planner or the catalog has uncommitted changes."""
    here = FILE.parents[2]
    try:
        name = _git(here, "rev-parse", "--short", "HEAD")
        changed = _git(here, "status", "--porcelain", "--", "arclight", "services")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{name}+" if changed else name


def _git(folder: Path, *args: str) -> str:
    done = subprocess.run(
        ["git", *args], cwd=folder, check=True, capture_output=True, text=True, timeout=30
    )
    return done.stdout.strip()
