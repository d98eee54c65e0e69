"""Number theory and counting: divisors, perfect numbers, Collatz, digits, combinations."""

from collections.abc import Sequence

from services.codegen.planner.plan import Task
from services.codegen.planner.tasks_form import (
    BOUND,
    LIST,
    Asked,
    Build,
    Form,
    Found,
    asked,
    form,
    within,
)
from services.codegen.planner.tasks_sequences import power

EXAMPLES = ("the greatest common divisor of 48 and 36", "the divisors of 60", "10 choose 3")

MAX_VALUE = 10**15
MAX_PERFECT = 10**7
MAX_CHAIN = 1_000_000
"""Collatz chains of so many starts are walked in about a minute on two cores."""
MAX_CHOICE = 100_000
_PERFECT = (6, 28, 496, 8128)


def _gcd(found: Found) -> Asked:
    return asked(Task.GCD, _positive(found))


def _lcm(found: Found) -> Asked:
    return asked(Task.LCM, _positive(found))


def _positive(found: Found) -> tuple[int, ...]:
    return tuple(within(n, 1, 10**18, "A number of") for n in found.wholes("list"))


def _of_one(task: Task, low: int, high: int) -> Build:
    def build(found: Found) -> Asked:
        return asked(task, within(found.number(), low, high, "A number of"))

    return build


def _perfect(found: Found) -> Asked:
    _, high = found.span(1)
    return asked(Task.PERFECT_NUMBERS, within(high + 1, 1, MAX_PERFECT, "A limit of"))


def _first_perfect(found: Found) -> Asked:
    count = within(found.number(), 1, len(_PERFECT), "A number of perfect numbers of")
    limit = 10 ** len(str(_PERFECT[count - 1]))
    return asked(Task.PERFECT_NUMBERS, limit, note=f"they all lie below {limit:,}")


def _longest(found: Found) -> Asked:
    _, high = found.span(1)
    return asked(
        Task.LONGEST_COLLATZ,
        within(high + 1, 2, MAX_CHAIN, "A limit of"),
        note="counted the steps to 1; of equally long ones the smallest start",
    )


def _digits(found: Found) -> Asked:
    number = found.number()
    return asked(Task.DIGIT_SUM, number if number >= 0 else -number)


def _power_digits(found: Found) -> Asked:
    return asked(
        Task.DIGIT_SUM, *power(within(found.number("a"), 0, 10**9, "A base of"), found.number("b"))
    )


def _choose(task: Task) -> Build:
    def build(found: Found) -> Asked:
        n = within(found.number("n"), 0, MAX_CHOICE, "A choice from")
        k = found.number("k") if found.has("k") else n
        return asked(task, n, within(k, 0, n, "A choice of"))

    return build


_THINGS = (
    r"(?: (?:different |distinct )?(?:items?|objects?|things?|elements?|people|persons?|"
    r"cards?|books?|numbers))?"
)
_FROM = r"(?:from|among|set|group|pool|,|with)"
_K_OF_N = rf"(?P<k>#){_THINGS}(?: {_FROM})* (?P<n>#){_THINGS}"
_N_TAKEN_K = (
    rf"(?P<n>#){_THINGS}(?: (?:taken|choose|select|pick|,|and|k|=))+ (?P<k>#){_THINGS}"
    r"(?: time)?"
)
_WAYS = r"(?:count )?(?:ways )?(?:to )?(?:can )?"
_CHOOSE = r"(?:choose|pick|select|draw)"
FORMS: Sequence[Form] = (
    form(rf"gcd (?:numbers )?{LIST}", _gcd),
    form(rf"lcm (?:numbers )?{LIST}", _lcm),
    form(rf"smallest numbers divisible (?:numbers )?{LIST}", _lcm),
    form(r"divisors (?:numbers )?(?P<n>#)", _of_one(Task.DIVISORS, 1, MAX_VALUE)),
    form(r"numbers divide (?P<n>#)", _of_one(Task.DIVISORS, 1, MAX_VALUE)),
    form(r"count divisors(?: numbers)? (?P<n>#)", _of_one(Task.COUNT_DIVISORS, 1, MAX_VALUE)),
    form(r"count divisors (?:numbers )?(?P<n>#)", _of_one(Task.COUNT_DIVISORS, 1, MAX_VALUE)),
    form(r"sum divisors (?:numbers )?(?P<n>#)", _of_one(Task.SUM_DIVISORS, 1, MAX_VALUE)),
    form(rf"perfect numbers {BOUND}", _perfect),
    form(rf"numbers {BOUND} perfect(?: numbers)?", _perfect),
    form(r"first (?P<n>#) perfect numbers", _first_perfect),
    form(
        r"(?:count )?steps collatz(?:sequence)?(?: (?:take|takes|need|needs|numbers|with|from|"
        r"starting|to reach 1|to))* (?P<n>#)(?: (?:to|take|reach|steps|takes|#))*",
        _of_one(Task.COLLATZ, 1, MAX_VALUE),
    ),
    form(
        r"collatz (?:steps|length|stopping time)(?: (?:numbers|from|starting))* (?P<n>#)",
        _of_one(Task.COLLATZ, 1, MAX_VALUE),
    ),
    form(
        r"(?:length|steps|stopping time) collatz(?:sequence)?(?: (?:numbers|from|starting))* "
        r"(?P<n>#)",
        _of_one(Task.COLLATZ, 1, MAX_VALUE),
    ),
    form(
        r"(?:how )?(?:many )?(?:count )?steps (?:take |takes |need |needs )*(?P<n>#) "
        r"(?:take |takes |need |needs |to |reach |# |under |by |with |rule )*collatz(?:sequence)?",
        _of_one(Task.COLLATZ, 1, MAX_VALUE),
    ),
    form(
        r"collatz(?:sequence)?(?: (?:numbers|from|starting|with|start))* (?P<n>#)",
        _of_one(Task.COLLATZ_SEQUENCE, 1, MAX_VALUE),
    ),
    form(rf"longest collatz(?:sequence)? (?:starting |start |numbers |from )*{BOUND}", _longest),
    form(
        rf"(?:(?:starting|start) )?numbers {BOUND} (?:gives |produces |with )*longest "
        r"collatz(?:sequence)?",
        _longest,
    ),
    form(r"digitsum (?:numbers )?(?P<n>#)", _digits),
    form(r"sum digits (?:numbers )?(?P<n>#)", _digits),
    form(r"digitsum (?:numbers )?(?P<a>#) \^ (?P<b>#)", _power_digits),
    form(r"digitsum (?P<n>#) factorial", _of_one(Task.FACTORIAL_DIGIT_SUM, 0, 20_000)),
    form(r"digitsum factorial (?P<n>#)", _of_one(Task.FACTORIAL_DIGIT_SUM, 0, 20_000)),
    form(rf"(?P<n>#) {_CHOOSE} (?P<k>#)", _choose(Task.COMBINATIONS)),
    form(rf"{_WAYS}{_CHOOSE} {_K_OF_N}", _choose(Task.COMBINATIONS)),
    form(rf"(?:count )?combinations {_N_TAKEN_K}", _choose(Task.COMBINATIONS)),
    form(rf"(?:count )?combinations {_K_OF_N}", _choose(Task.COMBINATIONS)),
    form(
        r"binomial(?: coefficient)? (?P<n>#) (?:choose|over|,|and) (?P<k>#)",
        _choose(Task.COMBINATIONS),
    ),
    form(r"c (?P<n>#) , (?P<k>#)", _choose(Task.COMBINATIONS)),
    form(rf"(?:count )?permutations {_N_TAKEN_K}", _choose(Task.PERMUTATIONS)),
    form(rf"(?:count )?permutations {_K_OF_N}", _choose(Task.PERMUTATIONS)),
    form(rf"{_WAYS}(?:arrange|order) {_K_OF_N}", _choose(Task.PERMUTATIONS)),
    form(rf"{_WAYS}(?:arrange|order) (?P<n>#){_THINGS}(?P<k>)?", _choose(Task.PERMUTATIONS)),
    form(
        rf"{_WAYS}(?P<n>#){_THINGS}(?: (?:can|arranged|ordered))+(?P<k>)?",
        _choose(Task.PERMUTATIONS),
    ),
    form(rf"count permutations (?P<n>#){_THINGS}(?P<k>)?", _choose(Task.PERMUTATIONS)),
    form(r"p (?P<n>#) , (?P<k>#)", _choose(Task.PERMUTATIONS)),
)
