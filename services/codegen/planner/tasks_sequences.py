"""Fibonacci numbers, factorials, powers, harmonic sums, arithmetic and geometric series."""

import re
from collections.abc import Sequence

from services.codegen.planner.plan import Task
from services.codegen.planner.tasks_form import (
    BOUND,
    Asked,
    Form,
    Found,
    asked,
    form,
    refused,
    within,
)
from services.codegen.planner.tasks_sweep import MAX_POINTS, formula_range, formula_sum

EXAMPLES = ("the first 10 Fibonacci numbers", "the factorial of 20", "2 to the power of 100")

MAX_INDEX = 50_000
"""F(50000) has 10,450 digits."""
MAX_LISTED = 2_000
MAX_FACTORIAL = 20_000
"""Its 77,338 digits are computed in a fraction of a second."""
MAX_DIGITS = 100_000

_ZERO = "counted from F(0) = 0"


def _first(found: Found) -> Asked:
    count = within(found.number(), 1, MAX_LISTED, "A number of Fibonacci numbers of")
    return asked(Task.FIBONACCI, 0, count - 1, note="the first is F(0) = 0")


def _nth(found: Found) -> Asked:
    n = within(found.number(), 0, MAX_INDEX, "A Fibonacci number at place")
    return asked(Task.FIBONACCI, n, note=_ZERO)


def _indexes(found: Found) -> tuple[int, int]:
    """First and last index of the Fibonacci numbers in a range of values."""
    low, high = found.span(0)
    within(high, 0, 10**400, "A limit of")
    a, b, n, first = 0, 1, 0, 0
    while a <= high:
        first = n + 1 if a < low else first
        a, b, n = b, a + b, n + 1
    if first > n - 1:
        raise refused(
            f"No Fibonacci number lies between {low} and {high}.", "Ask for a wider range."
        )
    return first, n - 1


def _listed(found: Found) -> Asked:
    first, last = _indexes(found)
    return asked(Task.FIBONACCI, first, last, note=f"these are F({first}) to F({last})")


def _added(found: Found) -> Asked:
    which = found.match["kind"] or "all"
    return asked(Task.FIBONACCI_SUM, *_indexes(found), which)


def _first_added(found: Found) -> Asked:
    count = within(found.number(), 1, MAX_LISTED, "A number of Fibonacci numbers of")
    which = found.match["kind"] or "all"
    return asked(Task.FIBONACCI_SUM, 0, count - 1, which, note="the first is F(0) = 0")


def _factorial(found: Found) -> Asked:
    return asked(Task.FACTORIAL, within(found.number(), 0, MAX_FACTORIAL, "The factorial of"))


def _factorials(found: Found) -> Asked:
    low, high = found.span(1)
    within(low, 0, MAX_LISTED, "The factorial of")
    return asked(Task.FACTORIAL, low, within(high, 0, MAX_LISTED, "The factorial of"))


def _first_factorials(found: Found) -> Asked:
    count = within(found.number(), 1, MAX_LISTED, "A number of factorials of")
    return asked(Task.FACTORIAL, 1, count, note="the first is 1!")


def power(base: int, exponent: int) -> tuple[int, int]:
    """Base and exponent of a power that can be written. Raises StepFailed."""
    within(exponent, 0, 10**6, "An exponent of")
    if exponent * max(abs(base), 1).bit_length() > 3.4 * MAX_DIGITS:
        raise refused(
            "The power has more digits than can be written.",
            f"Ask for one of at most {MAX_DIGITS:,} digits.",
        )
    return base, exponent


def _power(found: Found) -> Asked:
    return asked(Task.POWER, *power(found.number("a"), found.number("b")))


def _square(found: Found) -> Asked:
    return asked(Task.POWER, *power(found.number(), 2 if found.match["how"] == "square" else 3))


def _exponents(found: Found) -> Asked:
    low, high = found.span(0)
    base, _ = power(found.number("base"), high)
    within(low, 0, high, "An exponent of")
    return formula_range(f"{base}**x", low, high, note="x is the exponent")


def _powers(found: Found) -> Asked:
    low, high = found.span(0)
    base = within(found.number("base"), 2, 10**6, "Powers of")
    if found.match["bound"].startswith("#"):
        raise refused(
            "It does not say whether the powers or their exponents lie in the range.",
            f"Say for example: powers of {base} with exponents from 0 to 10; powers of {base} "
            "below 1000.",
        )
    within(high, 1, 10**18, "A limit of")
    exponents = [x for x in range(64) if low <= base**x <= high]
    if not exponents:
        raise refused(
            f"No power of {base} lies between {low} and {high}.", "Ask for another range."
        )
    return formula_range(
        f"{base}**x", exponents[0], exponents[-1], note=f"{base}**0 = 1 is the first of all powers"
    )


def _first_powers(found: Found) -> Asked:
    base, count = found.number("base"), within(found.number(), 1, MAX_LISTED, "A number of")
    power(base, count)
    return formula_range(f"{base}**x", 1, count, note=f"the first is {base}**1")


def _harmonic(found: Found) -> Asked:
    return formula_sum("1 / x", 1, within(found.number(), 1, MAX_POINTS, "A number of terms of"))


def _reciprocals(found: Found) -> Asked:
    return formula_sum("1 / x", *found.span(1))


_GLUE = re.compile(
    r"(?:[ ,=]|\b(?:and|with|starting|from|to|by|over|numbers|upto|common|first|terms?|[arnd])\b)*"
)
_START = (
    r" (?:first term|starting|start|a|a1|initial term|initial)(?: =)?(?: numbers)? (?P<start>#)"
)
_STEP = r" (?:common )?(?:difference|ratio|step|d|r|q)(?: =)? (?P<step>#)"
_TERMS = r" (?:(?P<terms>#) terms|n(?: =)? (?P<terms2>#))"
_PART = re.compile(rf"{_START}|{_STEP}|{_TERMS}")


def _series(found: Found) -> Asked:
    """Arithmetic or geometric: first term, difference or ratio and number of terms, any order."""
    numbers: dict[str, int | float] = {}
    values = iter(found.reals("rest"))
    for part in _PART.finditer(found.match["rest"]):
        name = next(n for n in ("start", "step", "terms", "terms2") if part[n])
        numbers[name.rstrip("2")] = next(values)
    if found.has("n"):
        numbers["terms"] = found.number()
    glue = _PART.sub(" ", found.match["rest"])
    if {*numbers} != {"start", "step", "terms"} or not _GLUE.fullmatch(glue):
        raise refused(
            "The series lacks its first term, its difference or ratio, or its number of terms.",
            "Say for example: the first 10 terms of the geometric series with first term 3 and "
            "ratio 2.",
        )
    count = numbers["terms"]
    if not isinstance(count, int):
        raise refused(f"{count} is no number of terms.", "Ask for a whole number of terms.")
    within(count, 1, MAX_LISTED, "A number of terms of")
    start, step = numbers["start"], numbers["step"]
    geometric = found.match["kind"] == "geometric"
    later = f"({step})**(x - 1)" if geometric else f"({step}) * (x - 1)"
    formula = f"{start} * {later}" if geometric else f"{start} + {later}"
    build = formula_sum if found.has("sum") else formula_range
    return build(formula, 1, count, note="x is the number of the term, from 1")


_SERIES = r"(?:series|sequence|progression)"
FORMS: Sequence[Form] = (
    form(r"(?:first )?(?P<n>#) fibonacci", _first),
    form(r"fibonacci (?:first|upto) (?P<n>#) (?:terms|numbers)", _first),
    form(r"fibonacci with (?P<n>#) (?:terms|numbers)", _first),
    form(r"(?P<n>#) th fibonacci", _nth),
    form(r"fibonacci (?:n = )?(?P<n>#)", _nth),
    form(rf"fibonacci {BOUND}", _listed),
    form(rf"sum (?:(?P<kind>even|odd) )?fibonacci {BOUND}", _added),
    form(r"sum first (?P<n>#) (?:(?P<kind>even|odd) )?fibonacci", _first_added),
    form(r"(?:factorial(?: numbers)? (?P<n>#))", _factorial),
    form(r"(?:numbers )?(?P<n>#) factorial", _factorial),
    form(rf"factorial (?:numbers )?{BOUND}", _factorials),
    form(r"(?:first (?P<n>#) factorial)", _first_factorials),
    form(r"factorial first (?P<n>#) numbers", _first_factorials),
    form(r"(?:power )?(?P<a>#) \^ (?P<b>#)", _power),
    form(r"(?P<n>#) (?P<how>square|cube)", _square),
    form(r"(?P<how>square|cube) (?:numbers )?(?P<n>#)", _square),
    form(rf"powers (?P<base>#) {BOUND}", _powers),
    form(rf"powers (?P<base>#) (?:with )?exponents? {BOUND}", _exponents),
    form(r"first (?P<n>#) powers (?P<base>#)", _first_powers),
    form(r"(?P<n>#) th harmonic(?: (?:numbers|sum|series))?", _harmonic),
    form(
        r"(?:sum )?(?:harmonic (?:numbers|sum|series)?|harmonic) ?(?:n = |first |upto |to |with )*"
        r"(?P<n>#)(?: (?:terms|numbers))?",
        _harmonic,
    ),
    form(r"(?:sum )?first (?P<n>#) (?:terms|numbers) harmonic(?: (?:series|sum))?", _harmonic),
    form(r"sum (?:first (?P<n>#) reciprocals)", _harmonic),
    form(r"sum reciprocals first (?P<n>#) (?:numbers|terms)", _harmonic),
    form(rf"sum reciprocals (?:numbers )?{BOUND}", _reciprocals),
    form(
        rf"(?P<sum>sum )?(?:first (?P<n>#) terms )?(?P<kind>arithmetic|geometric) {_SERIES}"
        r"(?P<rest> .+)",
        _series,
    ),
)
