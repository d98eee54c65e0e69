"""The tables in `docs/healing.md`."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.answers.docs import measured
from benchmarks.execution.report import put_section
from benchmarks.healing.outcome import GOAL_RIGHT, GOAL_SOON, SOON, Outcome, share
from benchmarks.healing.platform import Survived

DOC = Path(__file__).parents[2] / "docs" / "healing.md"
HEAD = """# Healing: how many faulty programs end right

`python -m benchmarks.healing` puts one fault into the first program of a question, or into its
data, and lets the real loop go on: validator, engine in its cage, the decision after the failure,
the planner's repair, until the job ends. The answer is compared with a query over the truth. The
same seed makes the same set.

- **program**: the fault stands in the text of the first program alone. The planner writes its own
  program, so what is measured is that the loop catches the fault, says what it was and spends no
  more than it must.
- **data**: odd cells below the rows that types are read from, or a file that was replaced after its
  schema was read. The planner's own program fails too, and its plan has to change.
- **right**: the rows of the answer are those of the truth, whatever it took within five attempts.
- **platform**: a throttled, lost or unstarted worker or engine. The job must end right, and the
  budget must have paid for one attempt only.
"""


def table(outcomes: Sequence[Outcome]) -> str:
    """A line per class, and one for all."""
    kinds = dict.fromkeys(o.kind for o in outcomes)
    rows = [_line(kind, [o for o in outcomes if o.kind == kind]) for kind in kinds]
    for where in dict.fromkeys(o.where for o in outcomes):
        rows.append(_line(f"*fault in the {where}*", [o for o in outcomes if o.where == where]))
    head = f"| class | cases | right | within {SOON} attempts | attempts | failed first with |"
    rows.append(_line("**all**", outcomes))
    return "\n".join([head, "|---|---|---|---|---|---|", *rows])


def platform_table(survived: Sequence[Survived]) -> str:
    """A line per blow."""
    head = "| blow | at | framework | ended | attempts paid | runs the platform paid |"
    lines = [
        f"| {s.name} | {s.step} | {s.framework} | {s.state} | {s.attempts} | {s.again} |"
        for s in survived
    ]
    return "\n".join([head, "|---|---|---|---|---|---|", *lines])


def wrong(outcomes: Sequence[Outcome]) -> list[str]:
    """What became of those that did not end right."""
    return [
        f"- {o.number}, {o.kind} ({o.fault}), {o.framework}, “{o.question}”: {o.ended}"
        f" after {', '.join(o.failures) or 'no failure'}"
        for o in outcomes
        if not o.right
    ]


def write(
    outcomes: Sequence[Outcome], survived: Sequence[Survived], seed: int, seconds: float
) -> None:
    """Replace the sections of the document."""
    text = DOC.read_text("utf-8") if DOC.exists() else HEAD
    body = (
        f"{len(outcomes)} cases of seed {seed} in {seconds / 60:.1f} minutes. Goals: right"
        f" {GOAL_RIGHT:.0%}, within {SOON} attempts {GOAL_SOON:.0%}.\n{measured()}\n\n"
        f"{table(outcomes)}\n\n" + "\n".join(["Not right:", "", *(wrong(outcomes) or ["- none"])])
    )
    text = put_section(text, "Faulty programs and data", body)
    text = put_section(
        text, "Faults of the platform", f"{measured()}\n\n{platform_table(survived)}"
    )
    DOC.write_text(text, "utf-8")


def _line(name: str, of: Sequence[Outcome]) -> str:
    right, soon = share(of, [o.right for o in of]), share(of, [o.soon for o in of])
    attempts = sum(o.attempts for o in of) / max(len(of), 1)
    first = Counter(o.failures[0] if o.failures else "nothing" for o in of)
    codes = ", ".join(code for code, _ in first.most_common(3)) if not name.startswith("*") else ""
    return f"| {name} | {len(of)} | {right:.0%} | {soon:.0%} | {attempts:.1f} | {codes} |"
