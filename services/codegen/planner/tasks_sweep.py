"""One formula over many numbers: parameter sweeps, maps and sums."""

from collections.abc import Sequence

from services.codegen.planner.expression import (
    MAX_BITS,
    Ranges,
    bits,
    canonical,
    points,
    value,
    whole,
)
from services.codegen.planner.plan import Task
from services.codegen.planner.tasks_form import (
    BOUND,
    LIST,
    Asked,
    Form,
    Found,
    asked,
    form,
    refused,
    within,
)

EXAMPLES = ("square each of 1 to 20", "compute x**2 + 1 for x from 1 to 10")

MAX_POINTS = 10**7
MAX_LISTED = 10**6
MAX_TRIED = 200
"""Points that are tried before the program is written; the others fail as it runs, if they do."""

_LONG = 62
"""Binary digits of the whole numbers that both frameworks hold."""

_NAMED = {
    "square": "x**2",
    "cube": "x**3",
    "squareroot": "sqrt(x)",
    "double": "2 * x",
    "twice": "2 * x",
    "triple": "3 * x",
    "halve": "x / 2",
    "half": "x / 2",
    "reciprocals": "1 / x",
    "reciprocal": "1 / x",
    "negate": "-x",
}


def formula_range(formula: str, first: int, last: int, step: int = 1, *, note: str = "") -> Asked:
    """The formula at each number. Raises StepFailed where it has no value."""
    checked = _checked(formula, first, last, step, MAX_LISTED)
    return asked(Task.FORMULA_RANGE, checked, first, last, step, note=note)


def formula_sum(formula: str, first: int, last: int, step: int = 1, *, note: str = "") -> Asked:
    """The sum of the formula over the numbers. Raises StepFailed where it has no value."""
    checked = _checked(formula, first, last, step, MAX_POINTS)
    return asked(Task.FORMULA_SUM, checked, first, last, step, note=note)


def _checked(formula: str, first: int, last: int, step: int, most: int) -> str:
    text = canonical(formula)
    within(abs(step), 1, 10**12, "A step of")
    for end in (first, last):
        within(end, -(10**12), 10**12, "A number of")
    numbers = range(first, last + 1, step) if step > 0 else range(0)
    if not numbers:
        raise refused(
            f"The range from {first} to {last} is empty.", "Name the smaller number first."
        )
    within(len(numbers), 1, most, "A number of values of")
    small(text, {"x": (first, last)})
    zero = [0] if 0 in numbers else []
    tried = {*zero, *numbers[: MAX_TRIED // 2], *numbers[-MAX_TRIED // 2 :]}
    _try(text, [{"x": x} for x in sorted(tried)])
    return text


def small(formula: str, ranges: Ranges, most: int = MAX_BITS) -> None:
    """Raises StepFailed for a formula whose values, or parts of them, have too many digits."""
    if bits(formula, ranges) > most:
        raise refused(
            "The values have more digits than can be written.", "Ask for smaller numbers."
        )


def _try(text: str, places: Sequence[dict[str, int | float]]) -> None:
    for place in places:
        try:
            value(text, **place)
        except (ArithmeticError, ValueError) as error:
            at = ", ".join(f"{name} = {number}" for name, number in place.items())
            raise refused(f"{text} has no value at {at}.", "Leave this number out.") from error


def _sweep(found: Found) -> Asked:
    step = found.number("step") if found.has("step") else 1
    return formula_range(found.said.formulas[0].text, *found.span(1), step)


def _first_sweep(found: Found) -> Asked:
    return formula_range(found.said.formulas[0].text, 1, found.number())


def _sum(found: Found) -> Asked:
    step = found.number("step") if found.has("step") else 1
    return formula_sum(found.said.formulas[0].text, *found.span(1), step)


def _formula_list(formula: str, numbers: tuple[int | float, ...]) -> Asked:
    text = canonical(formula)
    small(text, {"x": (float(min(numbers)), float(max(numbers)))})
    _try(text, [{"x": x} for x in numbers])
    return asked(Task.FORMULA_LIST, text, numbers)


def _list(found: Found) -> Asked:
    return _formula_list(found.said.formulas[0].text, found.reals("list"))


def _grid(found: Found) -> Asked:
    text = found.said.formulas[0].text
    x1, x2, y1, y2 = (found.number(g) for g in ("x1", "x2", "y1", "y2"))
    for low, high in ((x1, x2), (y1, y2)):
        within(high - low, 0, 10**5, "A range of length")
    within((x2 - x1 + 1) * (y2 - y1 + 1), 1, MAX_LISTED, "A number of pairs of")
    ranges = {"x": (x1, x2), "y": (y1, y2)}
    small(text, ranges, _LONG if whole(text, ranges) else MAX_BITS)
    _try(text, [dict(point) for point in points(ranges)])
    return asked(Task.FORMULA_GRID, text, x1, x2, y1, y2)


def _named(found: Found) -> Asked:
    return formula_range(_NAMED[found.match["how"]], *found.span(1))


def _first_named(found: Found) -> Asked:
    return formula_range(_NAMED[found.match["how"]], 1, found.number(), note="the first is of 1")


def _named_list(found: Found) -> Asked:
    return _formula_list(_NAMED[found.match["how"]], found.reals("list"))


def _scaled(found: Found) -> Asked:
    return formula_range(f"{found.number('by')} * x", *found.span(1))


def _scaled_list(found: Found) -> Asked:
    return _formula_list(f"{found.reals('by')[0]} * x", found.reals("list"))


def _table(found: Found) -> Asked:
    last = found.number("last") if found.has("last") else 10
    note = "" if found.has("last") else "up to 10 times, since no end was given"
    return formula_range(f"{found.number()} * x", 1, last, note=note)


_HOW = rf"(?P<how>{'|'.join(sorted(_NAMED, key=len, reverse=True))})"
_STEP = r"(?: (?:with |and |, )?(?:step|steps|by)(?: size)?(?: =)? (?P<step>#))?"
_DO = r"(?:(?:map|apply|table) )?"
_X = (
    r"(?:(?:,|with|to|map|apply|above|across|over|where|as|parameter|every|goes|going|ranges|"
    r"ranging|running|runs|numbers|=|x) )*"
)
FORMS: Sequence[Form] = (
    form(rf"{_DO}ƒ {_X}{BOUND}{_STEP}", _sweep),
    form(rf"{_X}{BOUND}{_STEP} (?:: |, )?ƒ", _sweep),
    form(rf"{_DO}ƒ {_X}first (?P<n>#) numbers", _first_sweep),
    form(rf"{_DO}ƒ {_X}{LIST}", _list),
    form(
        rf"ƒ {_X}(?P<x1>#) to (?P<x2>#) (?:(?:and|,) )*(?:y (?:= )?)(?P<y1>#) to (?P<y2>#)", _grid
    ),
    form(rf"sum ƒ {_X}{BOUND}{_STEP}", _sum),
    form(rf"{_HOW} (?:numbers )?{BOUND}", _named),
    form(rf"numbers {BOUND} {_HOW}", _named),
    form(rf"{_HOW} (?:first )(?P<n>#) numbers", _first_named),
    form(rf"first (?P<n>#) {_HOW}(?: numbers)?", _first_named),
    form(rf"{_HOW} (?:numbers |list )*(?:: )?{LIST}", _named_list),
    form(rf"product (?:numbers )?{BOUND} (?:by|with) (?P<by>#)", _scaled),
    form(rf"product (?:numbers )?{LIST} by (?P<by>#)", _scaled_list),
    form(r"product table (?P<n>#)(?: (?:upto|to) (?P<last>#))?", _table),
    form(r"(?P<n>#) product table(?: (?:upto|to) (?P<last>#))?", _table),
    form(r"times table (?P<n>#)(?: (?:upto|to) (?P<last>#))?", _table),
    form(r"(?P<n>#) times table(?: (?:upto|to) (?P<last>#))?", _table),
)
