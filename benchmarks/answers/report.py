"""The table of a run, its one-line summary, and the failures for people to read."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from statistics import median

from benchmarks.answers.outcome import Outcome, Status
from benchmarks.answers.sets import Question, Rows

_FIRST_ROWS = 3
_CELL = 60
"""Characters of a cell in the list of failures."""
HEAD = (
    "| set | kind | n | strict | lenient | answered | precision | sure | precision of sure "
    "| assumed | precision of assumed | unclear | errors | planner ms |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|"
)


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "–"


def groups(outcomes: Sequence[Outcome]) -> dict[tuple[str, str], list[Outcome]]:
    """By set and kind, each set with a line for all its kinds if it has several."""
    found: dict[tuple[str, str], list[Outcome]] = {}
    for name in dict.fromkeys(o.set for o in outcomes):
        here = [o for o in outcomes if o.set == name]
        kinds = dict.fromkeys(o.kind for o in here)
        found |= {(name, kind): [o for o in here if o.kind == kind] for kind in kinds}
        if len(kinds) > 1:
            found[name, "all"] = here
    return found


def table(outcomes: Sequence[Outcome], pool: Sequence[str] = ()) -> str:
    """Markdown: a row per set and kind, one over everything, one over the groups in `pool`."""
    rows = [_row(name, kind, part) for (name, kind), part in groups(outcomes).items()]
    rows.append(_row("all", "", outcomes))
    if pool:
        rows.append(_row(" + ".join(pool), "", pooled(outcomes, pool)))
    return "\n".join([HEAD, *rows])


def pooled(outcomes: Sequence[Outcome], pool: Sequence[str]) -> list[Outcome]:
    """Those of the named sets; `set/kind` names one kind of a set."""
    return [o for o in outcomes if o.set in pool or f"{o.set}/{o.kind}" in pool]


def _row(name: str, kind: str, part: Sequence[Outcome]) -> str:
    n = len(part)
    answered = [o for o in part if o.status == Status.ANSWERED]
    sure, assumed = ([o for o in answered if o.certainty == c] for c in ("sure", "assumed"))
    cells = [
        *(name, kind, str(n)),
        percent(right(part), n),
        percent(sum(o.lenient for o in part), n),
        percent(len(answered), n),
        percent(right(answered), len(answered)),
        *(percent(len(sure), n), percent(right(sure), len(sure))),
        *(percent(len(assumed), n), percent(right(assumed), len(assumed))),
        percent(sum(o.status == Status.ABSTAINED for o in part), n),
        str(sum(o.status == Status.ERROR for o in part)),
        f"{median(o.planner_ms for o in part):.1f}" if part else "–",
    ]
    return f"| {' | '.join(cells)} |"


def right(outcomes: Iterable[Outcome]) -> int:
    """How many are strictly right."""
    return sum(o.strict for o in outcomes)


def summary(outcomes: Sequence[Outcome], framework: str) -> str:
    """One line with the strict figures."""
    parts = [
        f"{name} {kind} {percent(right(part), len(part))}"
        for (name, kind), part in groups(outcomes).items()
    ]
    sure = [o for o in outcomes if o.certainty == "sure"]
    errors = sum(o.status == Status.ERROR for o in outcomes)
    return (
        f"strict on {framework}: {', '.join(parts)}; all {percent(right(outcomes), len(outcomes))}"
        f" of {len(outcomes)}; sure {percent(right(sure), len(sure))} right at "
        f"{percent(len(sure), len(outcomes))}; {errors} errors"
    )


def causes(outcomes: Sequence[Outcome]) -> str:
    """How often each cause, by set."""
    lines = []
    for (name, kind), part in groups(outcomes).items():
        counted = Counter(o.cause for o in part if o.cause).most_common()
        said = ", ".join(f"{cause} {n}" for cause, n in counted)
        lines.append(f"{name} {kind}: {said or 'no failures'}")
    return "\n".join(lines)


def failures(outcomes: Iterable[Outcome], questions: Mapping[str, Question]) -> Iterator[str]:
    """A paragraph for each question that is not strictly right, by cause."""
    failed = [o for o in outcomes if not o.strict]
    order = [cause for cause, _ in Counter(o.cause for o in failed).most_common()]
    for outcome in sorted(failed, key=lambda o: order.index(o.cause)):
        yield failure(outcome, questions[outcome.id])


def failure(outcome: Outcome, question: Question) -> str:
    """What was asked, what was right, what came, and why."""
    lines: list[tuple[str, str]] = [
        ("question", question.text),
        ("gold sql", question.gold_sql or ""),
        ("gold", _rows(question.gold)),
        ("ours", _rows(outcome.rows) if outcome.status == Status.ANSWERED else ""),
        ("says", outcome.words),
        ("summary", _confident(outcome)),
        ("assumed", "; ".join(outcome.assumptions)),
        ("plan", outcome.plan),
    ]
    head = f"### {outcome.id} · {outcome.kind} · {outcome.cause or 'right'}"
    return "\n".join([head, *(f"- {name}: {text}" for name, text in lines if text), ""])


def _confident(outcome: Outcome) -> str:
    if not outcome.summary:
        return ""
    return f"{outcome.summary} ({outcome.certainty} {outcome.confidence:.2f})"


def _rows(rows: Rows) -> str:
    more = f" … {len(rows)} rows" if len(rows) > _FIRST_ROWS else ""
    return "; ".join(" | ".join(map(_cell, row)) for row in rows[:_FIRST_ROWS]) + more or "no rows"


def _cell(value: object) -> str:
    text = "∅" if value is None else str(value)
    return text if len(text) <= _CELL else text[: _CELL - 1] + "…"


def changes(outcomes: Sequence[Outcome], before: Sequence[Outcome]) -> str:
    """Ids that are right now and were not, and the other way round."""
    was = {o.id: o.strict for o in before}
    both = [o for o in outcomes if o.id in was]
    gained = _ids(both, lambda o: o.strict and not was[o.id])
    lost = _ids(both, lambda o: was[o.id] and not o.strict)
    new = len(outcomes) - len(both)
    return "\n".join(
        [
            f"gained {len(gained)}: {' '.join(gained) or '–'}",
            f"lost {len(lost)}: {' '.join(lost) or '–'}",
            *([f"{new} questions are not in the baseline"] if new else []),
        ]
    )


def versus(ray: Sequence[Outcome], spark: Sequence[Outcome]) -> str:
    """Ray against Spark on the same questions."""
    theirs = {o.id: o.strict for o in spark}
    same = [o for o in ray if o.id in theirs]
    only_spark = _ids(same, lambda o: theirs[o.id] and not o.strict)
    only_ray = _ids(same, lambda o: o.strict and not theirs[o.id])
    points = 100 * (len(only_ray) - len(only_spark)) / len(same) if same else 0.0
    return "\n".join(
        [
            f"Ray {percent(right(same), len(same))}, Spark {percent(right(spark), len(spark))} "
            f"on the same {len(same)} questions: {points:+.1f} points",
            f"right on Spark only: {' '.join(only_spark) or '–'}",
            f"right on Ray only: {' '.join(only_ray) or '–'}",
        ]
    )


def _ids(outcomes: Iterable[Outcome], test: Callable[[Outcome], bool]) -> list[str]:
    return [o.id for o in outcomes if test(o)]
