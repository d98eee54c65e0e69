"""The column that a number must be about: the only one of a table whose cells reach that far."""

import re

from services.codegen.planner.language.lookups import countable
from services.codegen.planner.language.reader import Reader
from services.codegen.planner.language.rule_places import place_slot, single
from services.codegen.planner.language.slots import Slot
from services.codegen.planner.schema import Field

_NUMBER = re.compile(r"\d[\d,]*(\.\d+)?")


def fitting_slot(r: Reader, number: int | float) -> Slot | None:
    """`over 54 seconds`: a slot for the column whose range holds the number; None for several."""
    if not single(r):
        return None
    fields = [f for f in r.schema.fields.values() if countable(f) and _reaches(f, number)]
    if len(fields) != 1:
        return None
    r.note(f"took {fields[0].name!r}: the only column that {number} fits", 0.1)
    return place_slot(r, fields[0], "test")


def _reaches(field: Field, number: int | float) -> bool:
    found = [_first(v) for v in field.profile.values]
    numbers = [n for n in found if n is not None]
    return bool(numbers) and min(numbers) <= number <= max(numbers)


def _first(value: object) -> float | None:
    if isinstance(value, int | float):
        return float(value)
    matched = _NUMBER.search(str(value))
    return float(matched[0].replace(",", "")) if matched else None
