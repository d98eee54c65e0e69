"""From the filters of a frame to predicates: alternatives of one column are one test."""

from collections.abc import Sequence

from services.codegen.planner.frame import Condition
from services.codegen.planner.plan import AnyOf, Compare, CompareOp, Lit, Not, OneOf, Predicate


def predicates(conditions: Sequence[Condition]) -> list[Predicate]:
    """The tests that must all hold.

    Two values of one column cannot both hold, so `in Texas and Ohio` means either; `or` between
    other filters means either of its neighbours.
    """
    groups: list[list[Condition]] = []
    for condition in conditions:
        if groups and _joins(groups[-1][-1], condition):
            groups[-1].append(condition)
        else:
            groups.append([condition])
    return [_predicate(g) for g in groups]


def _joins(last: Condition, new: Condition) -> bool:
    if new.negated != last.negated and new.negated:
        return False
    if new.joined == "or":
        return True
    same = last.field is not None and last.field == new.field
    return same and last.value and new.value and new.joined == "and"


def _predicate(group: Sequence[Condition]) -> Predicate:
    negated = group[0].negated
    merged = _values(group) or _any(group)
    return Not(merged) if negated else merged


def _any(group: Sequence[Condition]) -> Predicate:
    parts: list[Predicate] = []
    for condition in group:
        parts.append(condition.where)
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def _values(group: Sequence[Condition]) -> Predicate | None:
    """Several values of one column as one test."""
    if len(group) < 2 or len({c.field for c in group}) > 1:
        return None
    tests = [c.where for c in group]
    equal = [t for t in tests if isinstance(t, Compare) and t.op is CompareOp.EQ]
    values = [t.right for t in equal if isinstance(t.right, Lit)]
    if len(values) != len(tests) or len({str(t.left) for t in equal}) > 1:
        return None
    return OneOf(equal[0].left, tuple(values), fold=equal[0].fold)


def contradictions(where: Sequence[Predicate]) -> list[str]:
    """Values that can never hold together with an earlier value of the same expression."""
    seen: set[str] = set()
    found: list[str] = []
    for test in where:
        if isinstance(test, Compare) and test.op is CompareOp.EQ and isinstance(test.right, Lit):
            key = str(test.left)
            if key in seen:
                found.append(str(test.right.value))
            seen.add(key)
    return found
