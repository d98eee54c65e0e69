"""The open slots get their columns, all at once: what fits together wins over what fits alone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from services.codegen.planner.join_paths import connect
from services.codegen.planner.keys import key_graph
from services.codegen.planner.language.query import Agg, Query, equals_in
from services.codegen.planner.language.reader import Reader
from services.codegen.planner.language.slots import Option, Slot
from services.codegen.planner.lexicon import lexicon, stem
from services.codegen.planner.plan import Scalar
from services.codegen.planner.schema import Field, Schema

_BEAM = 24
_NEW_TABLE = 0.1
"""Off the score for each table that nothing else asks for."""
_WHOLE = 0.12
"""For a half-named column that says itself that it is the whole."""
_JOIN = 0.06
"""Off the score for each unit of cost of the joins."""

_KEY_FOR_NAME = 0.3
"""Off the score for a number that only refers to another table where its rows have a name."""
_NUMBERS = frozenset({"id", "code", "number", "key", "no"})
_STRANGE = 0.25
"""Off the score for a column that never has the value it is compared with."""


@dataclass(frozen=True)
class Choice:
    """One option per slot, and how well all of it fits."""

    options: tuple[Option, ...]
    score: float

    def fields(self) -> list[Field]:
        return [o.field for o in self.options]


@dataclass(frozen=True)
class _Partial:
    options: tuple[Option, ...]
    tables: frozenset[str]
    score: float


def choices(r: Reader, most: int = 2) -> list[Choice]:
    """The best ways to fill the slots of a reader, best first; empty when a slot has no option."""
    named = _named(r.q)
    said = _said(r.q)
    foreign = {e.many.key for e in key_graph(r.schema).edges if e.many.numeric}
    partials = [_Partial((), frozenset(named), 0.0)]
    for slot in r.slots:
        partials = [_with(p, slot, o, named, said, foreign) for p in partials for o in slot.options]
        partials.sort(key=lambda p: -p.score)
        partials = partials[:_BEAM]
    scored = [Choice(p.options, p.score - _joined(p.tables, r.schema)) for p in partials]
    return sorted(scored, key=lambda c: -c.score)[:most]


def _named(q: Query) -> set[str]:
    counted = {i.table for i in q.items if isinstance(i, Agg) and i.table}
    return {*q.tables, *counted}


def _said(q: Query) -> dict[str, list[Scalar]]:
    """Open column → the values that it is said to be equal to, where they are no cells."""
    found: dict[str, list[Scalar]] = {}
    for column, value in equals_in(q):
        found.setdefault(column, []).append(value)
    return found


def _with(
    p: _Partial,
    slot: Slot,
    option: Option,
    named: set[str],
    said: Mapping[str, Sequence[Scalar]],
    foreign: Collection[str],
) -> _Partial:
    table = option.field.table.name
    # Only losses count: a question cut into more pieces must not score higher for it.
    score = option.score - max(o.score for o in slot.options) + _fits(slot, option)
    if slot.tables:
        score -= 0.0 if table in slot.tables else 0.4
    elif named and table not in named:
        score -= 0.08
    if table not in p.tables:
        score -= _NEW_TABLE
    if slot.hint:
        score += 0.15 if option.field.key == slot.hint else -0.15
    if any(_strange(option.field, value) for value in said.get(slot.expr.name, ())):
        score -= _STRANGE
    if option.field.key in foreign and slot.role in ("item", "key") and _thing(slot, option):
        score -= _KEY_FOR_NAME
    if slot.beside is not None:
        beside = p.options[slot.beside]
        score -= 0.0 if beside.field is option.field else 1.2
    return _Partial((*p.options, option), p.tables | {table}, p.score + score)


def _thing(slot: Slot, option: Option) -> bool:
    """`the campus`: the thing that a number refers to, and not the number."""
    said = {stem(w) for w in slot.text.lower().split()}
    if option.field.identifier or not said.isdisjoint(_NUMBERS):
        return False
    return any(not (o.field.numeric or o.field.is_date) for o in slot.options)


def _strange(field: Field, value: Scalar) -> bool:
    """True for a number that the column does not hold: a year beyond those of the table."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not field.known:
        return False
    return value not in field.value_set and str(value) not in field.value_set


def _fits(slot: Slot, option: Option) -> float:
    field = option.field
    if not option.exact and slot.kind == "column" and not field.stems.isdisjoint(lexicon().whole):
        # Of several costs the total is meant.
        return _WHOLE + _wanted(slot, option)
    return _wanted(slot, option)


def _wanted(slot: Slot, option: Option) -> float:
    field = option.field
    if slot.want == "number":
        if field.is_date and slot.role == "test":
            return -0.5
        if field.numeric or (field.dated and slot.role == "order"):
            return -0.15 if field.identifier and slot.role == "measure" else 0.0
        if field.profile.first_number >= 0.7:
            return -0.05
        return -0.4 if slot.role in ("measure", "test") else -0.15
    if slot.want == "text" and field.numeric and not field.textual_number:
        return -1.0
    if slot.kind == "value" and option.value is not None and not option.value.sampled:
        return -0.1
    return 0.0


def _joined(tables: frozenset[str], schema: Schema) -> float:
    if len(tables) < 2:
        return 0.0
    tree = connect(key_graph(schema), sorted(tables))
    return 1.5 if tree is None else _JOIN * tree.cost


def filled(r: Reader, choice: Choice) -> Mapping[str, Option]:
    """Slot name → option."""
    return {f"${i}": o for i, o in enumerate(choice.options)}


def rivals(slot: Slot, chosen: Option) -> Sequence[Option]:
    """Other columns that the words of a slot fit as well."""
    return [
        o for o in slot.options if o.field is not chosen.field and o.score >= chosen.score - 0.05
    ]


__all__ = ["Choice", "choices", "filled", "replace", "rivals"]
