"""How far a reading can be trusted: one figure from what was seen while reading.

The weights are fitted to the development sets by `benchmarks/answers/calibrate.py`: a logistic
regression of "the answer was right" on the signals below, over all of their questions.
"""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from services.codegen.planner.language.query import Agg, Query

if TYPE_CHECKING:
    from services.codegen.planner.language.choose import Reading

SURE = 0.89
"""The confidence from which a plan counts as sure: right in at least 95 of 100 questions."""
FLOOR = 0.1
"""Below this the planner asks instead of answering."""
_BIAS = 0.50
_WEIGHTS: Mapping[str, float] = {
    "penalty": -3.93,
    "explained": 2.70,
    "faint value": -2.32,
    "weak": -1.68,
    "named": -1.67,
    "read as value": -1.08,
    "nameless count": -1.01,
    "length": -0.85,
    "having": 0.78,
    "margin": 0.69,
    "no test": -0.69,
    "tables": -0.64,
    "tests": -0.50,
    "groups": -0.44,
    "loose": -0.33,
    "unknown": -0.29,
    "schema": 0.29,
    "several": 0.20,
    "inexact": -0.14,
    "no word": -0.13,
}


def confidence(reading: "Reading", others: Sequence["Reading"]) -> float:
    """0 to 1: the share of readings like this one that were right."""
    seen = signals(reading, others)
    score = _BIAS + sum(_WEIGHTS.get(name, 0.0) * value for name, value in seen.items())
    return round(1 / (1 + math.exp(-score)), 3)


def signals(reading: "Reading", others: Sequence["Reading"]) -> dict[str, float]:
    """What speaks for and against a reading; `others` are the readings behind it."""
    r, q = reading.reader, reading.q
    words = sum(len(s.tokens) for s in r.segments)
    pairs = list(zip(r.slots, reading.choice.options, strict=True))
    named = [(s, o) for s, o in pairs if s.kind == "column" and s.role != "loose"]
    used = {o.field.table.name for _, o in pairs} | set(q.tables)
    faintest = min((o.score for s, o in pairs if s.kind == "value"), default=1.0)
    behind = next((o for o in others if signature(o.q) != signature(q)), None)
    return {
        "penalty": reading.completed.penalty,
        "explained": reading.score / max(1, words),
        "named": float(any("named by" in n or "listed all" in n for n in reading.notes)),
        "tables": float(min(2, max(0, len(used) - 1))),
        "groups": float(min(2, len(q.keys) + len(q.group_tables))),
        "length": words / 10,
        "tests": float(len(q.where) > 1),
        "no test": float(not q.where),
        "no word": float(not r.wh),
        "unknown": float(min(3, len(r.unplaced))),
        "weak": float(min(2, len(r.weak))),
        "loose": float(min(2, sum(s.role == "loose" for s, _ in pairs))),
        "having": float(bool(q.having)),
        "rival": float(min(2, max((_rivals(s.options, o) for s, o in named), default=0))),
        "margin": min(1.5, reading.score - behind.score) if behind is not None else 1.5,
        "several": float(len(q.items) > 1),
        "inexact": float(any(o.score < 0.95 for s, o in named if s.role != "test")),
        "read as value": float(reading.completed.valued),
        "nameless count": float(_nameless(q) and bool(r.unplaced)),
        "faint value": max(0.0, 1.0 - faintest),
        "schema": float(min(5, len(r.schema.tables))),
    }


def signature(q: Query) -> str:
    """What a query computes, for telling readings apart."""
    combined = signature(q.combine[1]) if q.combine is not None else ""
    where = [(c.cond, c.negated, c.both) for c in q.where]
    parts = (q.items, where, q.keys, q.order, q.limit, q.having, q.distinct, q.per, q.offset)
    return repr(parts) + combined


def _rivals(options: Sequence[object], chosen: object) -> int:
    score = getattr(chosen, "score", 0.0)
    field = getattr(chosen, "field", None)
    return sum(
        getattr(o, "score", 0.0) >= score - 0.03 and getattr(o, "field", None) is not field
        for o in options
    )


def _nameless(q: Query) -> bool:
    """A count of rows that says nothing of what the rows are."""
    return any(isinstance(i, Agg) and i.of is None and not i.noun for i in q.items)
