"""Ranges of whole numbers: their sums and products, even and odd ones, multiples."""

import math
import re
from collections.abc import Sequence

from services.codegen.planner.plan import Task
from services.codegen.planner.tasks_form import (
    BOUND,
    Asked,
    Build,
    Form,
    Found,
    asked,
    form,
    within,
)
from services.codegen.planner.tasks_sweep import formula_sum

EXAMPLES = ("the sum of the numbers from 1 to 100", "the sum of the multiples of 3 below 1000")

MAX_END = 10**15
MAX_LISTED = 10**7
MAX_FACTORS = 20_000
"""A product of so many numbers is computed in seconds."""
MAX_COUNTED = 10**9
_BEGAN = "began with 1"


def _span(found: Found, kind: str | None = None) -> tuple[int, int, int]:
    """First, last and step; even and odd numbers begin and end with one of their kind."""
    low, high = found.span(1)
    within(low, -MAX_END, MAX_END, "A number of")
    within(high, -MAX_END, MAX_END, "A number of")
    step = found.number("step") if "step" in found.match.re.groupindex and found.has("step") else 1
    within(step, 1, MAX_END, "A step of")
    if kind is None:
        return low, high, step
    low += (low % 2 != 0) == (kind == "even")
    return low, high, 2


def _kind(found: Found) -> str | None:
    return found.match["kind"] or None


def _first(count: int, kind: str | None) -> tuple[int, int, int]:
    """First, last and step of the first `count` numbers."""
    within(count, 1, MAX_END, "A number of numbers of")
    if kind is None:
        return 1, count, 1
    return (2, 2 * count, 2) if kind == "even" else (1, 2 * count - 1, 2)


def _note(found: Found) -> str:
    """What was assumed about a range that names no beginning."""
    begins = re.search(r"^#|above|atleast", found.match["bound"])
    return "" if begins else _BEGAN


def _args(first: int, last: int, step: int) -> tuple[int, ...]:
    return (first, last) if step == 1 else (first, last, step)


def _sum(found: Found) -> Asked:
    return asked(Task.RANGE_SUM, *_args(*_span(found, _kind(found))), note=_note(found))


def _first_sum(found: Found) -> Asked:
    return asked(Task.RANGE_SUM, *_args(*_first(found.number(), _kind(found))))


def _mean(found: Found) -> Asked:
    return asked(Task.RANGE_MEAN, *_added(*_span(found, _kind(found))), note=_note(found))


def _first_mean(found: Found) -> Asked:
    return asked(Task.RANGE_MEAN, *_added(*_first(found.number(), _kind(found))))


def _added(first: int, last: int, step: int) -> tuple[int, ...]:
    within((last - first) // step + 1, 1, MAX_COUNTED, "A number of numbers of")
    return _args(first, last, step)


def _factors(first: int, last: int, step: int) -> tuple[int, ...]:
    within((last - first) // step + 1, 1, MAX_FACTORS, "A number of factors of")
    return _args(first, last, step)


def _product(found: Found) -> Asked:
    args = _factors(*_span(found, _kind(found)))
    return asked(Task.RANGE_PRODUCT, *args, note=_note(found))


def _first_product(found: Found) -> Asked:
    return asked(Task.RANGE_PRODUCT, *_factors(*_first(found.number(), _kind(found))))


_POWERS = {"square": "x**2", "cube": "x**3", "squareroot": "sqrt(x)"}


def _power_sum(found: Found) -> Asked:
    first, last, step = _span(found, _kind(found))
    return formula_sum(_POWERS[found.match["how"]], first, last, step, note=_note(found))


def _first_power_sum(found: Found) -> Asked:
    first, last, step = _first(found.number(), _kind(found))
    return formula_sum(_POWERS[found.match["how"]], first, last, step)


def _numbers(found: Found) -> Asked:
    return _listed(_span(found, _kind(found)), _note(found))


def _first_numbers(found: Found) -> Asked:
    return _listed(_first(found.number(), _kind(found)))


def _listed(span: tuple[int, int, int], note: str = "") -> Asked:
    first, last, step = span
    within((last - first) // step + 1, 1, MAX_LISTED, "A list of length")
    return asked(Task.NUMBERS, first, last, step, note=note)


def _first_multiples(found: Found) -> Asked:
    count, of = found.number(), within(found.number("of"), 1, MAX_END, "Multiples of")
    within(count, 1, MAX_LISTED, "A list of length")
    return asked(Task.NUMBERS, of, of * count, of)


def _multiples(task: Task, most: int) -> Build:
    def build(found: Found) -> Asked:
        low, high = found.span(1)
        within(high, 1, most, "A limit of")
        divisors, note = _divisors(found)
        return asked(task, max(low, 1), high, divisors, note=note)

    return build


def _divisors(found: Found) -> tuple[tuple[int, ...], str]:
    divisors = found.wholes("of")
    for divisor in divisors:
        within(divisor, 1, 10**9, "Multiples of")
    said = found.match["of"]
    if " and #" not in said or " or " in said or len(divisors) == 1:
        return divisors, ""
    if "divisible" in found.match[0]:
        return (math.lcm(*divisors),), "a number counts when all of them divide it"
    return divisors, "a number counts when it is a multiple of one of them"


_KIND = r"(?:(?P<kind>even|odd) )?"
_STEP = r"(?: (?:with |and |, |by )*(?:step|steps|every)(?: size)?(?: =)? (?P<step>#)(?: th)?)?"
_OF = r"(?:multiples|divisible)(?: both)? (?P<of>#(?: (?:or|and|,|and / or|, or|, and) #)*)"
_HOW = r"(?P<how>square|cube|squareroot)"
FORMS: Sequence[Form] = (
    form(rf"sum {_KIND}numbers {BOUND}{_STEP}", _sum),
    form(rf"sum {_KIND}(?:numbers )?{BOUND}{_STEP}", _sum),
    form(rf"sum numbers {BOUND} (?P<kind>even|odd)(?: numbers)?", _sum),
    form(rf"sum first (?P<n>#) {_KIND}numbers", _first_sum),
    form(rf"mean {_KIND}(?:numbers )?{BOUND}{_STEP}", _mean),
    form(rf"mean first (?P<n>#) {_KIND}numbers", _first_mean),
    form(rf"product {_KIND}(?:numbers )?{BOUND}{_STEP}", _product),
    form(rf"product first (?P<n>#) {_KIND}numbers", _first_product),
    form(rf"sum {_HOW} {_KIND}(?:numbers )?{BOUND}{_STEP}", _power_sum),
    form(rf"sum {_KIND}{_HOW} (?:numbers )?{BOUND}", _power_sum),
    form(rf"sum {_HOW} first (?P<n>#) {_KIND}numbers", _first_power_sum),
    form(rf"sum first (?P<n>#) {_KIND}{_HOW}(?: numbers)?", _first_power_sum),
    form(rf"sum (?:numbers )?{_OF} {BOUND}", _multiples(Task.MULTIPLES_SUM, MAX_COUNTED)),
    form(rf"sum numbers {BOUND} {_OF}", _multiples(Task.MULTIPLES_SUM, MAX_COUNTED)),
    form(rf"count (?:numbers )?{_OF} {BOUND}", _multiples(Task.MULTIPLES_COUNT, MAX_COUNTED)),
    form(rf"count numbers {BOUND} {_OF}", _multiples(Task.MULTIPLES_COUNT, MAX_COUNTED)),
    form(rf"(?:numbers )?{_OF} {BOUND}", _multiples(Task.MULTIPLES, MAX_LISTED)),
    form(rf"numbers {BOUND} {_OF}", _multiples(Task.MULTIPLES, MAX_LISTED)),
    form(r"(?:first )?(?P<n>#) multiples (?P<of>#)", _first_multiples),
    form(rf"(?P<kind>even|odd) numbers {BOUND}", _numbers),
    form(r"first (?P<n>#) (?P<kind>even|odd) numbers", _first_numbers),
    form(rf"(?P<kind>)?numbers {BOUND}{_STEP}", _numbers, weak=True),
    form(r"(?P<kind>)?first (?P<n>#) numbers", _first_numbers, weak=True),
)
