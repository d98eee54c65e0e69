"""Which columns join two tables: by name, type, form and overlap of values, and uniqueness."""

from collections.abc import Collection
from dataclasses import dataclass

from services.codegen.planner.lexicon import lexicon, stem
from services.codegen.planner.schema import NUMBERS, Field, Schema
from services.codegen.planner.words import pieces

FLOOR = 0.55
"""Below this nothing but chance speaks for the pair."""
_NEAR = 0.15
"""Pairs within this score of the best are rivals, among which role words choose."""
_IDS = frozenset({"id", "code", "key", "no", "number", "ref"})


@dataclass(frozen=True)
class JoinPair:
    """`many` refers to `one`, whose values do not repeat when `safe`."""

    many: Field
    one: Field
    score: float
    safe: bool


@dataclass(frozen=True)
class JoinChoice:
    """The pair, and those that would have done as well."""

    pair: JoinPair
    rivals: tuple[JoinPair, ...] = ()


def infer_join(
    schema: Schema, a: str, b: str, roles: Collection[str] = (), on: Collection[str] = ()
) -> JoinChoice | None:
    """The best pair of key columns of two tables; None when there is no good one."""
    pairs = [p for x in schema.of(a) for y in schema.of(b) if (p := _pair(x, y, a, b))]
    if on:
        pairs = [p for p in pairs if p.many.key in on or p.one.key in on]
    pairs = sorted((p for p in pairs if p.score >= FLOOR), key=lambda p: -p.score)
    if not pairs:
        return None
    near = [p for p in pairs if p.score >= pairs[0].score - _NEAR]
    names = {s for role in roles for s in lexicon().role_columns[role]}
    fitting = [p for p in near if not p.many.stems.isdisjoint(names)]
    if fitting:
        return JoinChoice(fitting[0])
    return JoinChoice(near[0], tuple(near[1:]))


def _pair(x: Field, y: Field, a: str, b: str) -> JoinPair | None:
    if not _same_type(x, y):
        return None
    many, one = (y, x) if x.unique and not y.unique else (x, y)
    score = _name(many, one) + _overlap(many, one) + (0.2 if one.unique else 0.0)
    return JoinPair(many, one, score, one.unique)


def _same_type(x: Field, y: Field) -> bool:
    if x.profile.type in NUMBERS and y.profile.type in NUMBERS:
        return x.profile.type == y.profile.type
    return x.profile.type == y.profile.type and not x.textual_number


def _name(many: Field, one: Field) -> float:
    """Up to 0.45: equal names, or `state_id` with the `id` of table `states`."""
    table = {stem(w) for w in pieces(one.table.name)}
    if many.words == one.words:
        return 0.45 if many.words != ("name",) else 0.1
    rest = many.stems - one.stems
    if many.stems & one.stems and rest and rest <= table:
        return 0.45
    if one.words[-1] in _IDS and (many.stems - _IDS) and (many.stems - _IDS) <= table:
        return 0.4
    if many.stems & one.stems - _IDS:
        return 0.2
    return 0.0


def _overlap(many: Field, one: Field) -> float:
    """Up to 0.45: values in common, or at least values of one form in a column of codes."""
    mine, theirs = set(many.profile.values), set(one.profile.values)
    if not mine or not theirs:
        return 0.0
    shared = len(mine & theirs) / min(len(mine), len(theirs))
    if many.profile.type in NUMBERS:
        # Small integers overlap by chance: without a name that fits this is not enough.
        return 0.25 * shared if _name(many, one) else 0.0
    complete = len(theirs) == one.profile.distinct and len(mine) == many.profile.distinct
    sampled = one.table.rows is None or one.table.rows > one.table.sampled_rows
    if shared > 0 or (complete and not sampled):
        return 0.45 * min(1.0, shared * 2)
    return 0.37 if one.unique and _codes_alike(many, one) else 0.0


def _codes_alike(many: Field, one: Field) -> bool:
    """Short codes of one length and alphabet, such as `ATL` and `00M`."""
    a, b = set(map(len, many.letters)), set(map(len, one.letters))
    blanks = any(" " in form for form in (*many.letters, *one.letters))
    mixed = any("a" in f and "A" in f for f in (*many.letters, *one.letters))
    return a == b and len(a) == 1 and not blanks and not mixed
