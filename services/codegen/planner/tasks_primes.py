"""Prime numbers."""

from collections.abc import Sequence

from services.codegen.planner.plan import Task
from services.codegen.planner.tasks_form import BOUND, Asked, Form, Found, asked, form, within

EXAMPLES = ("the first 10 primes", "primes below 100", "the 100th prime", "prime factors of 360")

MAX_LISTED = 10**8
"""Primes up to here are listed: about six million."""
MAX_SIEVED = 10**8
"""Up to here they are counted or added."""
MAX_COUNT = 5_000_000
"""The first so many primes lie below MAX_LISTED."""
MAX_FACTORED = 10**15
"""Trial division by the numbers up to the root of this takes seconds."""
MAX_NEAR = 10**12
"""Up to here no gap between two primes is wider than 540."""


def _first(found: Found) -> Asked:
    return asked(Task.FIRST_PRIMES, within(found.number(), 1, MAX_COUNT, "A number of primes of"))


def _nth(found: Found) -> Asked:
    n = within(found.number(), 1, MAX_COUNT, "A prime at place")
    return asked(Task.NTH_PRIME, n, note="counted from 2, the first prime")


def _span(found: Found, most: int) -> tuple[int, int]:
    low, high = found.span(2)
    return within(max(low, 0), 0, most, "A prime above"), within(high, 0, most, "A limit of")


def _listed(found: Found) -> Asked:
    low, high = _span(found, MAX_LISTED)
    if found.match["bound"].startswith("below"):
        return asked(Task.PRIMES_BELOW, high + 1)
    if found.match["bound"].startswith("upto"):
        return asked(Task.PRIMES_BELOW, high + 1, note="the limit itself counts")
    return asked(Task.PRIMES_BETWEEN, low, high, note="both ends of the range count")


def _counted(found: Found) -> Asked:
    return asked(Task.COUNT_PRIMES, *_span(found, MAX_SIEVED))


def _added(found: Found) -> Asked:
    return asked(Task.SUM_PRIMES, *_span(found, MAX_SIEVED))


def _first_added(found: Found) -> Asked:
    n = within(found.number(), 1, MAX_COUNT, "A number of primes of")
    return asked(Task.SUM_FIRST_PRIMES, n)


def _largest(found: Found) -> Asked:
    limit = found.number() + (found.match["how"] == "upto")
    return asked(Task.LARGEST_PRIME, within(limit, 3, MAX_NEAR, "A prime below"))


def _next(found: Found) -> Asked:
    above = found.number() - (found.match["how"] == "atleast")
    return asked(Task.NEXT_PRIME, within(above, 0, MAX_NEAR, "A prime above"))


def _is_prime(found: Found) -> Asked:
    return asked(Task.IS_PRIME, within(found.number(), 0, MAX_FACTORED, "A number of"))


def _factors(found: Found) -> Asked:
    return asked(Task.PRIME_FACTORS, within(found.number(), 2, MAX_FACTORED, "A number of"))


def _twins(found: Found) -> Asked:
    low, high = _span(found, MAX_LISTED)
    return asked(Task.TWIN_PRIMES, low, high, note="both primes of a pair lie within the range")


FORMS: Sequence[Form] = (
    form(r"(?:first |top )?(?P<n>#) prime", _first),
    form(r"(?P<n>#) th prime(?: numbers)?", _nth),
    form(rf"(?:numbers )?prime {BOUND}", _listed),
    form(rf"numbers {BOUND} prime", _listed),
    form(rf"count prime {BOUND}", _counted),
    form(rf"(?:prime count|count numbers prime) {BOUND}", _counted),
    form(rf"count numbers {BOUND} prime", _counted),
    form(rf"(?:sum|sum numbers) prime {BOUND}", _added),
    form(rf"sum numbers {BOUND} prime", _added),
    form(r"sum (?:first )?(?P<n>#) prime", _first_added),
    form(r"largest prime (?P<how>below|upto) (?P<n>#)", _largest),
    form(r"(?:smallest|next|first) prime (?P<how>above|atleast) (?P<n>#)", _next),
    form(r"isprime (?P<n>#)(?: or not)?", _is_prime),
    form(r"primefactors (?:numbers )?(?P<n>#)(?: (?:to |by )?prime(?:factors)?)?", _factors),
    form(r"(?:numbers )?(?P<n>#) primefactors", _factors),
    form(rf"twins {BOUND}", _twins),
)
