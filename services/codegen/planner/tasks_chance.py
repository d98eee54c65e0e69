"""Estimates with random numbers. The seed is fixed, so the same prompt gives the same answer."""

import math
from collections.abc import Sequence

from services.codegen.planner.expression import value
from services.codegen.planner.plan import Task
from services.codegen.planner.tasks_form import (
    SEED,
    Asked,
    Form,
    Found,
    asked,
    form,
    refused,
    whole,
    within,
)
from services.codegen.planner.tasks_sweep import small

EXAMPLES = ("estimate pi with 1,000,000 samples", "10,000 rolls of two dice")

SAMPLES = 1_000_000
"""Samples of an estimate that names no number: three right digits in about a second."""
MAX_SAMPLES = 10**11
MAX_DICE = 20
MAX_SIDES = 10**6
_TRIED = 50
"""Points at which an integrand is tried before the program is written."""


def _run(found: Found) -> tuple[int, int, str]:
    """Samples, seed, and what was assumed."""
    said = found.said
    if said.samples is None:
        samples, note = SAMPLES, f"took {SAMPLES:,} samples, since no number was given"
    else:
        samples, note = whole(said.samples), ""
    within(samples, 1, MAX_SAMPLES, "A number of samples of")
    seed = SEED if said.seed is None else within(whole(said.seed), 0, 2**31, "A seed of")
    return samples, seed, note


def _notes(seed: int, *more: str) -> tuple[str, ...]:
    return (*more, f"drew with seed {seed}, so that it can be repeated")


def _pi(found: Found) -> Asked:
    samples, seed, note = _run(found)
    args = (samples,) if found.said.seed is None else (samples, seed)
    return asked(Task.MONTE_CARLO_PI, *args, note=_notes(seed, note))


def _integral(found: Found) -> Asked:
    formula = found.said.formulas[0].text if found.said.formulas else "x"
    low, high = found.reals("a")[0], _end(found)
    if not low < high:
        raise refused(f"The integral from {low} to {high} is empty.", "Name the lower end first.")
    small(formula, {"x": (low, high)})
    try:
        for i in range(_TRIED):
            value(formula, x=low + (high - low) * (i + 0.5) / _TRIED)
    except (ArithmeticError, ValueError) as error:
        raise refused(
            f"{formula} has no value somewhere from {low} to {high}.", "Ask for another range."
        ) from error
    samples, seed, note = _run(found)
    notes = _notes(seed, note, "the mean of the formula at random points, times the width")
    return asked(Task.MONTE_CARLO_INTEGRAL, formula, low, high, samples, seed, note=notes)


def _end(found: Found) -> int | float:
    if not found.has("pi"):
        return found.reals("b")[0]
    return (found.reals("times")[0] if found.has("times") else 1) * math.pi


def _dice(found: Found) -> tuple[int, int, str]:
    """How many dice, how many sides, and what was assumed."""
    pair = found.has("pair")
    dice = 2 if pair else found.number("dice") if found.has("dice") else 1
    said = [group for group in ("sides", "more") if found.has(group)]
    sides = found.number(said[0]) if said else 6
    note = "" if said else "the dice have six sides"
    return (
        within(dice, 1, MAX_DICE, "A number of dice of"),
        within(sides, 2, MAX_SIDES, "A die with sides of number"),
        note,
    )


def _dice_counts(found: Found) -> Asked:
    (dice, sides, fair), (samples, seed, note) = _dice(found), _run(found)
    notes = _notes(seed, fair, note)
    return asked(Task.DICE_COUNTS, dice, sides, samples, seed, note=notes)


def _dice_mean(found: Found) -> Asked:
    (dice, sides, fair), (samples, seed, note) = _dice(found), _run(found)
    notes = _notes(seed, fair, note, "the mean of the dice's total")
    return asked(Task.DICE_MEAN, dice, sides, samples, seed, note=notes)


def _dice_chance(found: Found) -> Asked:
    (dice, sides, fair), (samples, seed, note) = _dice(found), _run(found)
    total = within(found.number("total"), dice, dice * sides, "A total of")
    low, high = {
        "above": (total + 1, dice * sides),
        "atleast": (total, dice * sides),
        "below": (dice, total - 1),
        "upto": (dice, total),
        "": (total, total),
    }[(found.match["how"] or "").strip()]
    notes = _notes(seed, fair, note)
    return asked(Task.DICE_CHANCE, dice, sides, low, high, samples, seed, note=notes)


def _coin(found: Found) -> Asked:
    samples, seed, note = _run(found)
    return asked(Task.COIN_FLIPS, samples, seed, note=_notes(seed, note))


_DICE = (
    r"(?:(?P<pair>pair) |(?P<dice>#) )?(?:fair )?(?:(?P<sides>#) (?:- )?sided )?(?:fair )?dice"
    r"(?: (?:with|having) (?P<more>#) (?:- )?sided)?"
)
_GLUE = r"(?:(?:mc|roll|with|by|from|on|to|and|,|sum|total|in) )*"
_TAIL = (
    r"(?: (?:mc|roll|times|sum|and|count|distribution|frequency|faces|outcomes|occurs|how|"
    r"often|totals|by|face|appears|comes|up))*"
)
_PI_ENDS = (
    r"(?:from |between )?(?P<a>#) (?:to|and) (?:(?P<b>#)|(?:(?P<times>#) (?:\* )?)?(?P<pi>pi))"
)
FORMS: Sequence[Form] = (
    form(r"(?:mc )?(?:numbers )?pi(?: mc)?", _pi, chance=True),
    form(
        rf"(?:mc )?(?:definite )?integral (?:mc )?(?:ƒ|x)(?: (?:dx|,|x|over|with))* "
        rf"{_PI_ENDS}(?: dx)?(?: (?:with |by )?mc)?",
        _integral,
        chance=True,
    ),
    form(
        rf"(?:mc )?(?:area )(?:under |below )(?:curve )?(?:ƒ|x)(?: (?:,|x|over|with))* "
        rf"{_PI_ENDS}(?: mc)?",
        _integral,
        chance=True,
    ),
    form(
        rf"(?:mc )?(?:mean|expected) {_GLUE}{_DICE}{_TAIL}",
        _dice_mean,
        chance=True,
    ),
    form(
        rf"(?:mc )?(?:probability|chance|likelihood|odds) (?:mc |roll |getting |sum |total |to |"
        rf"with )*"
        rf"(?P<how>above |below |atleast |upto )?(?P<total>#) (?:or )?"
        rf"(?:with |by |from |on |roll |when |sum |mc )*{_DICE}(?: (?:mc|roll))*",
        _dice_chance,
        chance=True,
    ),
    form(
        rf"(?:mc )?(?:probability|chance|likelihood|odds) (?:mc |roll |getting |with |sum |total "
        rf")*{_DICE} "
        rf"(?:sum |total |to |roll |sums |reach )*(?P<how>above |below |atleast |upto )?"
        rf"(?P<total>#)(?: (?:mc|roll))*",
        _dice_chance,
        chance=True,
    ),
    form(
        rf"(?:mc )?(?:(?:count|distribution|frequency|histogram|totals) )?{_GLUE}{_DICE}{_TAIL}",
        _dice_counts,
        chance=True,
    ),
    form(
        r"(?:mc )?(?:(?:count|share|fraction|proportion|probability|heads|mc|with|on|when|from) )*"
        r"(?:roll )?(?:fair )?coin(?: roll)?(?: (?:mc|and|count|heads|how|many|,|share|fraction|"
        r"report|come|up))*",
        _coin,
        chance=True,
    ),
)
