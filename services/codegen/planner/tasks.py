"""Numeric tasks: questions that need no table."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.codegen.planner.lexicon import Op, lexicon
from services.codegen.planner.plan import Compute, Planned, Task
from services.codegen.planner.words import Kind, Token

SAMPLES = 1_000_000
"""Samples of a Monte Carlo pi that names no number: three right digits in about a second."""
MAX_ARGUMENT = 10**15

_Numbers = Sequence[int]


@dataclass(frozen=True)
class _Form:
    """A way to ask: `pattern` over the words with `#` for numbers, and what it computes."""

    pattern: re.Pattern[str]
    compute: Callable[[_Numbers], Compute]
    note: str = ""


def _form(
    pattern: str, task: Task, args: Callable[[_Numbers], Sequence[int]], note: str = ""
) -> _Form:
    return _Form(re.compile(pattern), lambda n: Compute(task, tuple(args(n))), note)


_N = r"(?:natural |positive |whole |consecutive )*(?:numbers|integers)"
_PRIMES = r"(?:prime numbers?|primes?)"
_BELOW = r"(?:below|under|less|smaller|lower|<)"
_UPTO = r"(?:up to|at most|most|not more|no more|until|<=)"
_SUM = r"(?:sum|total|add|add up|sum up)"
_FIB = r"fibonacci(?: numbers?| sequence| series)?"
_POINTS = r"(?:random )*(?:samples?|points?|darts?|draws?|trials?|iterations?)"
_METHOD = "estimate|approximate|simulate|monte carlo|simulation|approximation|estimation|method"
_MC = rf"(?:(?:{_METHOD}) )*"

_FORMS: Sequence[_Form] = (
    _form(rf"(?:first # |# first |top # |# ){_PRIMES}", Task.FIRST_PRIMES, lambda n: n),
    _form(rf"{_PRIMES} {_BELOW} #", Task.PRIMES_BELOW, lambda n: n),
    _form(
        rf"{_PRIMES} {_UPTO} #", Task.PRIMES_BELOW, lambda n: (n[0] + 1,), "the limit itself counts"
    ),
    _form(rf"{_SUM} first # even {_N}", Task.RANGE_SUM, lambda n: (2, 2 * n[0], 2)),
    _form(rf"{_SUM} first # odd {_N}", Task.RANGE_SUM, lambda n: (1, 2 * n[0] - 1, 2)),
    _form(rf"{_SUM} first # {_N}", Task.RANGE_SUM, lambda n: (1, n[0])),
    _form(
        rf"{_SUM} (?:{_N} )?(?:between |from )?# (?:to |and |through |until )?#",
        Task.RANGE_SUM,
        lambda n: n,
    ),
    _form(
        rf"{_SUM} even {_N} (?:between |from )?# (?:to |and |through )?#",
        Task.RANGE_SUM,
        lambda n: (n[0] + n[0] % 2, n[1], 2),
    ),
    _form(
        rf"{_SUM} odd {_N} (?:between |from )?# (?:to |and |through )?#",
        Task.RANGE_SUM,
        lambda n: (n[0] + 1 - n[0] % 2, n[1], 2),
    ),
    _form(rf"{_SUM} {_N} {_UPTO} #", Task.RANGE_SUM, lambda n: (1, n[0]), "began with 1"),
    _form(rf"{_MC}pi (?:{_MC})?# {_POINTS}", Task.MONTE_CARLO_PI, lambda n: n),
    _form(rf"{_MC}# {_POINTS} {_MC}pi", Task.MONTE_CARLO_PI, lambda n: n),
    _form(
        rf"{_MC}pi(?: (?:{_METHOD}))*",
        Task.MONTE_CARLO_PI,
        lambda _: (SAMPLES,),
        f"took {SAMPLES:,} samples, since no number was given",
    ),
    _form(rf"first # {_FIB}", Task.FIBONACCI, lambda n: (0, n[0] - 1), "the first is F(0) = 0"),
    _form(rf"# {_FIB}", Task.FIBONACCI, lambda n: n, "counted from F(0) = 0"),
    _form(rf"{_FIB} #", Task.FIBONACCI, lambda n: n, "counted from F(0) = 0"),
    _form(r"(?:factorial #|# factorial)", Task.FACTORIAL, lambda n: n),
)

_KEPT = frozenset({"to", "from", "first", "top"})


def numeric_task(tokens: Sequence[Token]) -> Planned | None:
    """The task that the whole question asks for; None when any word of it is left over."""
    said, numbers = _normal(tokens)
    if any(n < 0 or n > MAX_ARGUMENT for n in numbers):
        return None
    for form in _FORMS:
        if form.pattern.fullmatch(said):
            compute = form.compute(numbers)
            assumptions = (form.note,) if form.note else ()
            return Planned(compute, _summary(compute), assumptions, 0.95)
    return None


def _summary(compute: Compute) -> str:
    args = ", ".join(str(a) for a in compute.args)
    return f"{compute.task.value.replace('_', ' ').capitalize()} ({args})"


def _normal(tokens: Sequence[Token]) -> tuple[str, list[int]]:
    """The words that carry meaning, with `#` for whole numbers."""
    said: list[str] = []
    numbers: list[int] = []
    for i, token in enumerate(tokens):
        if token.kind is Kind.NUMBER and isinstance(token.number, int):
            said.append("#")
            numbers.append(token.number)
        elif (
            token.lower == "!" and i and tokens[i - 1].kind is Kind.NUMBER and i == len(tokens) - 1
        ):
            said.append("factorial")
        elif token.lower == "π":
            said.append("pi")
        elif token.lower in _KEPT or not _silent(token.lower):
            said.append(token.lower)
    return _without_show(" ".join(said)), numbers


def _silent(word: str) -> bool:
    senses = lexicon().phrases.get((word,), ())
    return any(s.op is Op.FILLER for s in senses)


def _without_show(text: str) -> str:
    text = re.sub(
        r"^(?:(?:show|list|display|give|find|what|is|are|print|get|return|generate|with) )+",
        "",
        text,
    )
    text = re.sub(r"\b(?:with|by|using|all|random|inclusive|is|are|th) ", "", f"{text} ")
    return re.sub(r"\s+", " ", text).strip()
