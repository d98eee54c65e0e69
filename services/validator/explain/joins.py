"""Sentences for what puts two tables together."""

import ast

from services.validator.explain.asked import Asked
from services.validator.explain.source import listed
from services.validator.explain.tables import Engine

_KINDS = {
    "inner": "inner",
    "left": "left",
    "leftouter": "left",
    "right": "right",
    "rightouter": "right",
    "outer": "full",
    "full": "full",
    "fullouter": "full",
    "semi": "semi",
    "leftsemi": "semi",
    "anti": "anti",
    "leftanti": "anti",
    "cross": "cross",
}
_TOLD = {
    "inner": "join {0} with {1} on {2}; rows without a partner are left out",
    "left": "join {0} with {1} on {2}; rows of {0} without a partner stay",
    "right": "join {0} with {1} on {2}; rows of {1} without a partner stay",
    "full": "join {0} with {1} on {2}; rows without a partner stay",
    "semi": "keep the rows of {0} that have a partner in {1} on {2}",
    "anti": "keep the rows of {0} that have no partner in {1} on {2}",
    "cross": "put each row of {1} beside each row of {0}",
}
_SETS = {
    "union": "put the rows of {0} and {1} together",
    "unionAll": "put the rows of {0} and {1} together",
    "unionByName": "put the rows of {0} and {1} together, by the names of their columns",
    "intersect": "keep the different rows that are in both {0} and {1}",
    "intersectAll": "keep the rows that are in both {0} and {1}",
    "subtract": "keep the different rows of {0} that are not in {1}",
    "exceptAll": "keep the rows of {0} that are not in {1}",
    "zip": "put the columns of {0} and {1} side by side",
}
SETS = frozenset(_SETS)


def joins(asked: Asked) -> str:
    other = asked.argument(0, "other", "right", "ds", "right_table")
    if other is None:
        return ""
    left, right = asked.label, other_label(asked, other)
    kind, keys = _kind(asked), _keys(asked)
    if kind is None:
        return f"join {left} with {right} on {keys}, in a way that only the run knows"
    if not keys and kind == "inner" and asked.engine is Engine.SPARK:
        kind = "cross"
    return _TOLD[kind].format(left, right, keys or "the columns that they share")


def other_label(asked: Asked, other: ast.expr) -> str:
    """What the second table is called; that it cannot be seen, where that is so."""
    label = asked.teller.label(other)
    if asked.teller.tables.engine(other) is not None:
        return label
    return f"{label} (a table that cannot be seen here)"


def _kind(asked: Asked) -> str | None:
    """The kind of join; None when the program leaves it to the run."""
    if asked.attr == "crossJoin":
        return "cross"
    given = asked.keyword("how", "join_type")
    if given is None:
        given = next((a for a in asked.args[1:] if _as_kind(asked, a)), None)
    if given is not None:
        return _as_kind(asked, given)
    position: dict[Engine | None, int] = {
        Engine.SPARK: 2,
        Engine.PANDAS: 2 if asked.attr == "join" else 1,
    }
    if len(asked.args) > position.get(asked.engine, 3):
        return None
    by_default = asked.engine is Engine.ARROW or (
        asked.engine is Engine.PANDAS and asked.attr == "join"
    )
    return "left" if by_default else "inner"


def _as_kind(asked: Asked, node: ast.expr) -> str | None:
    text = asked.text(node)
    return _KINDS.get(text.lower().replace("_", "").replace(" ", "")) if text else None


def _keys(asked: Asked) -> str:
    left = asked.keyword("on", "left_on", "keys")
    right = asked.keyword("right_on", "right_keys")
    if left is None:
        left = next((a for a in asked.args[1:] if not _as_kind(asked, a) and not _number(a)), None)
    if left is None:
        return ""
    names = asked.phrases.columns([left])
    if right is None:
        return listed(names, " and ")
    others = asked.phrases.columns([right])
    if len(others) != len(names):
        return f"{listed(names, ' and ')} = {listed(others, ' and ')}"
    pairs = zip(names, others, strict=True)
    return listed([a if a == b else f"{a} = {b}" for a, b in pairs], " and ")


def _number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int)


def sets(asked: Asked) -> str:
    labels = [other_label(asked, a) for a in asked.args]
    if not labels:
        return ""
    return _SETS[asked.attr].format(asked.label, listed(labels, " and "))
