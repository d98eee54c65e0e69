"""What the values of two columns say about one referring to the other."""

from services.codegen.planner.schema import NUMBERS, Field

_ALL, _NUMBERS = 0.45, 0.25
_CODES = 0.37
_STRANGERS = 0.5
"""Share of values found on the other side below which complete columns are strangers."""


def single(field: Field) -> bool:
    """True when no value repeats in the sample, missing ones aside."""
    p = field.profile
    return p.distinct >= 1 and p.distinct == field.table.sampled_rows - p.nulls


def same_type(x: Field, y: Field) -> bool:
    """True when the values of two columns can be equal as they are stored."""
    if x.profile.type in NUMBERS and y.profile.type in NUMBERS:
        return x.profile.type == y.profile.type or (_whole(x) and _whole(y))
    return x.profile.type == y.profile.type and x.textual_number == y.textual_number


def _whole(field: Field) -> bool:
    """True for numbers without fractions: a column with gaps may have been stored as `1.0`."""
    return all(float(v).is_integer() for v in field.value_set if not isinstance(v, str))


def overlap(many: Field, one: Field, *, named: bool) -> float | None:
    """Up to 0.45: values in common; None when they speak against the pair.

    Small integers overlap by chance: unless the names fit (`named`) they say nothing.
    """
    mine, theirs = many.profile.values, one.value_set
    if not mine or not theirs:
        return 0.0 if named else None
    shared = sum(v in theirs for v in mine) / min(len(mine), max(len(theirs), 1))
    whole = many.known and one.known
    if whole:
        shared = sum(v in theirs for v in mine) / len(mine)
        if shared < _STRANGERS and not (named and shared > 0):
            return None
    if many.profile.type in NUMBERS:
        return _numbers(many, one, shared, whole) if named else None
    if shared > 0:
        return _ALL * min(1.0, shared if whole else shared * 2)
    return _CODES if single(one) and _codes_alike(many, one) else 0.0


def _numbers(many: Field, one: Field, shared: float, whole: bool) -> float:
    if whole or shared:
        return _NUMBERS * min(1.0, shared)
    low, high = one.profile.minimum, one.profile.maximum
    a, b = many.profile.minimum, many.profile.maximum
    if any(not isinstance(v, int | float) for v in (low, high, a, b)):
        return 0.0
    within = low <= a and b <= high  # type: ignore[operator]
    return _NUMBERS / 2 if within else 0.0


def _codes_alike(many: Field, one: Field) -> bool:
    """Short codes of one length and alphabet, such as `ATL` and `00M`."""
    a, b = set(map(len, many.letters)), set(map(len, one.letters))
    blanks = any(" " in form for form in (*many.letters, *one.letters))
    mixed = any("a" in f and "A" in f for f in (*many.letters, *one.letters))
    return a == b and len(a) == 1 and not blanks and not mixed
