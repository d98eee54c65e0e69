"""Spark: frames put together."""

from dataclasses import replace

from services.validator.columns.calls import Call, elements, refs_in
from services.validator.columns.check import check_refs, lookup
from services.validator.columns.miss import Miss, Problem, Ref, Style
from services.validator.columns.schema import Column, Schema
from services.validator.columns.values import UNKNOWN, Const, Engine, Frame, Text, Value

_ONE_SIDED = frozenset({"semi", "leftsemi", "anti", "leftanti"})


def join(call: Call, on: Frame) -> Value:
    """`frame.join(other, on, how)`."""
    other, keys = call.arg(0, "other"), call.arg(1, "on")
    how = call.arg(2, "how")
    if not isinstance(other, Frame) or other.engine is not Engine.SPARK or call.open:
        return Frame(Engine.SPARK, None)
    left, right = on.schema, _apart(on.schema, other.schema)
    side = "inner" if how is None else how.text if isinstance(how, Text) else "?"
    side = side.casefold().replace("_", "")
    used = _keys(call, keys)
    if used is None:
        _check_condition(call, left, right, keys)
    else:
        _check_keys(call, on, other, used)
    if left is None or (side in _ONE_SIDED):
        return Frame(Engine.SPARK, left.closed() if left is not None else None)
    if right is None or side == "?":
        return Frame(Engine.SPARK, None)
    return Frame(Engine.SPARK, _both(left, right, [t.text for t in used or ()]))


def cross(call: Call, on: Frame) -> Value:
    """`frame.crossJoin(other)`."""
    other = call.arg(0, "other")
    if not isinstance(other, Frame) or other.schema is None or on.schema is None:
        return Frame(Engine.SPARK, None)
    right = _apart(on.schema, other.schema)
    assert right is not None
    return Frame(Engine.SPARK, _both(on.schema, right, []))


def _apart(left: Schema | None, right: Schema | None) -> Schema | None:
    """The right side as Spark tells it from the left, where both come from one frame."""
    if left is None or right is None:
        return right
    mine = {c.key for c in left.columns}
    return right.fresh() if any(c.key in mine for c in right.columns) else right


def _keys(call: Call, keys: Value | None) -> list[Text] | None:
    """The names of a join on names; None for one on a condition."""
    found = elements(keys)
    if found is None or not all(isinstance(k, Text) for k in found):
        return None
    return [k for k in found if isinstance(k, Text)]


def _check_keys(call: Call, left: Frame, right: Frame, keys: list[Text]) -> None:
    for key in keys:
        ref = Ref((key.text,), key.node or call.node, Style.PLAIN, key.node)
        sides = {"left": left.schema, "right": right.schema}
        absent = {side: s for side, s in sides.items() if s is not None and not s.find(key.text)}
        for side, schema in absent.items():
            found = lookup(schema, ref)
            if isinstance(found, Miss):
                message = f"The {side} side of the join has no column {key.text!r}."
                choices = _shared_names(sides) or schema.names
                call.missing(replace(found, message=message, choices=choices))


def _shared_names(sides: dict[str, Schema | None]) -> tuple[str, ...]:
    """What both sides have: a key is more likely one of these."""
    left, right = sides["left"], sides["right"]
    if left is None or right is None:
        return ()
    return tuple(c.name for c in left.columns if right.find(c.name))


def _check_condition(
    call: Call, left: Schema | None, right: Schema | None, keys: Value | None
) -> None:
    parts = elements(keys) or [keys or UNKNOWN]
    refs = refs_in(parts)
    if left is None or right is None:
        return
    check_refs(call, Frame(Engine.SPARK, _both(left, right, [])), refs)


def _both(left: Schema, right: Schema, keys: list[str]) -> Schema:
    """All columns of both sides; those of `keys` once, and first."""
    wanted = {left.fold(k) for k in keys}
    shared = [_shared(c, right) for k in keys for c in left.find(k)[:1]]
    columns = (
        *shared,
        *(c for c in left.columns if left.fold(c.name) not in wanted),
        *(c for c in right.columns if right.fold(c.name) not in wanted),
    )
    return Schema(
        columns,
        folded=True,
        loose=left.loose or right.loose,
        merged=left.merged or right.merged,
        vague=left.vague or right.vague,
    )


def _shared(column: Column, right: Schema) -> Column:
    more = [c.qualifiers for c in right.find(column.name)]
    return replace(column, qualifiers=column.qualifiers.union(*more))


def union(call: Call, on: Frame) -> Value:
    """`union`: columns by position, so the names are those of the left side."""
    other = call.arg(0, "other")
    if on.schema is None or (isinstance(other, Frame) and other.schema is None):
        return Frame(Engine.SPARK, on.schema.closed() if on.schema is not None else None)
    # What comes from both sides is a column of its own.
    return Frame(Engine.SPARK, on.schema.closed().fresh())


def union_by_name(call: Call, on: Frame) -> Value:
    """`unionByName`: both sides need the same names, unless missing ones are allowed."""
    other, lenient = call.arg(0, "other"), call.arg(1, "allowMissingColumns")
    if not isinstance(other, Frame) or other.schema is None or on.schema is None:
        return Frame(Engine.SPARK, None)
    left, right = on.schema, other.schema
    new = tuple(c for c in right.columns if not left.find(c.name))
    if lenient is None or lenient == Const(False):
        for here, there, side in ((left, right, "right"), (right, left, "left")):
            _check_names(call, here, there, side)
        new = ()
    columns = (*left.columns, *new)
    return Frame(Engine.SPARK, replace(left.closed(), columns=columns).fresh())


def _check_names(call: Call, here: Schema, there: Schema, side: str) -> None:
    if here.merged or there.merged or here.vague or there.vague:
        return
    for column in here.columns:
        if not there.find(column.name):
            ref = Ref((column.name,), call.node)
            what = f"The {side} side of unionByName has no column {column.name!r}."
            sure = not there.loose
            call.missing(Miss(Problem.COLUMN, ref, there, there.names, sure, what))


METHODS = {
    "join": join,
    "crossJoin": cross,
    "union": union,
    "unionAll": union,
    "unionByName": union_by_name,
}
