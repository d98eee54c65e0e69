"""The table of verdicts, for people and as JSON."""

from collections.abc import Iterator, Sequence
from types import MappingProxyType
from typing import Any

from arclight.sandbox.cage.tier import Cage, Tier
from arclight.sandbox.redteam.clauses import Clause
from arclight.sandbox.redteam.judge import Outcome, Verdict

_LAYERS = MappingProxyType(
    {
        Clause.CANARY: ("namespaces", "landlock", "uid"),
        Clause.OUTSIDE: ("namespaces", "uid"),
        Clause.LISTENER: ("namespaces", "network"),
        Clause.SERVICE: ("namespaces", "signals"),
        Clause.SIGNALS: ("namespaces", "signals"),
        Clause.SECRETS: ("namespaces", "uid"),
        Clause.LIMITS: ("namespaces", "uid"),
        Clause.HOST: ("namespaces", "seccomp"),
    }
)
"""Which layers keep a clause, where a weaker tier may lack one. The others are kept by what stands
around the cage at every tier, and nothing excuses them."""


def missing(cage: Cage) -> tuple[str, ...]:
    """Names of the layers that do not hold here, as `arclight doctor` lists them."""
    return tuple(layer.name for layer in cage.layers if not layer.held)


def excused(verdicts: Sequence[Verdict], cage: Cage) -> list[Verdict]:
    """Escapes below T3 whose clauses are all kept by a layer that is listed as missing."""
    if cage.tier >= Tier.T3:
        return []
    gone = set(missing(cage))
    return [
        v
        for v in verdicts
        if v.outcome is Outcome.ESCAPED
        and all(gone & set(_LAYERS.get(e.clause, ())) for e in v.escapes)
    ]


def table(verdicts: Sequence[Verdict], cage: Cage, excused: Sequence[Verdict]) -> Iterator[str]:
    """One line for each clause, with what did not hold below it."""
    yield f"Tier {cage.tier}; layers that do not hold: {', '.join(missing(cage)) or 'none'}."
    for clause in Clause:
        group = [v for v in verdicts if v.probe.clause is clause]
        if not group:
            continue
        held = sum(v.outcome is Outcome.CONTAINED for v in group)
        yield f"{clause:<12} {held:>3} of {len(group):>3} contained   {clause.promise}"
        for verdict in group:
            if verdict.outcome is not Outcome.CONTAINED and verdict not in excused:
                yield f"  {verdict.outcome.upper()} {verdict.probe.id}: {verdict.evidence}"
    if excused:
        yield f"What differs at {cage.tier}, for want of a layer that is missing:"
        for verdict in excused:
            yield f"  {verdict.probe.id}: {verdict.evidence}"
    held = sum(v.outcome is Outcome.CONTAINED for v in verdicts)
    yield f"{held} of {len(verdicts)} programs contained."


def to_json(verdicts: Sequence[Verdict], cage: Cage, excused: Sequence[Verdict]) -> dict[str, Any]:
    """The same for machines."""
    return {
        "tier": str(cage.tier),
        "missing": missing(cage),
        "contained": sum(v.outcome is Outcome.CONTAINED for v in verdicts),
        "total": len(verdicts),
        "programs": [{**one(v), "excused": v in excused} for v in verdicts],
    }


def one(verdict: Verdict) -> dict[str, Any]:
    """One program's line."""
    return {
        "id": verdict.probe.id,
        "clause": str(verdict.probe.clause),
        "engine": verdict.probe.engine,
        "outcome": str(verdict.outcome),
        "evidence": verdict.evidence,
    }
