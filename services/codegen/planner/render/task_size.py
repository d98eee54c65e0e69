"""How large the answers of numeric tasks get, so that programs pick a type that holds them."""

import math

from services.codegen.planner import plan as p
from services.codegen.planner.render.columns import LONG

MAX_STR_DIGITS = 4300
"""Python's own limit for turning an int into text."""
CHUNKS = 8
"""Parallel parts of a numeric task: a few per core on a laptop, one per core on a small cluster."""


def prime_limit(count: int) -> int:
    """A number above the `count`-th prime (Rosser's bound n (ln n + ln ln n) for n ≥ 6)."""
    if count < 6:
        return 14
    return math.ceil(count * (math.log(count) + math.log(math.log(count)))) + 1


def range_of(args: tuple[int, ...]) -> tuple[int, int, int]:
    """First, last and step of a range sum."""
    first, last = args[0], args[1]
    return first, last, args[2] if len(args) > 2 else 1


def indexes(args: tuple[int, ...]) -> tuple[int, int]:
    """First and last index of a Fibonacci task."""
    return (args[0], args[1]) if len(args) > 1 else (args[0], args[0])


def seed_of(args: tuple[int, ...]) -> int:
    """The seed of a simulation: always the same, so that an answer can be repeated."""
    return args[1] if len(args) > 1 else 42


def digits(node: p.Compute) -> int:
    """About how many decimal digits the largest value of the answer has."""
    match node.task:
        case p.Task.FACTORIAL:
            return int(math.lgamma(node.args[0] + 1) / math.log(10)) + 1
        case p.Task.FIBONACCI:
            return int(indexes(node.args)[1] * math.log10((1 + math.sqrt(5)) / 2)) + 1
        case p.Task.RANGE_SUM:
            first, last, step = range_of(node.args)
            return len(str(abs(sum(range(first, last + 1, step)))))
        case _:
            return 1


def fits_long(node: p.Compute) -> bool:
    """True when every value fits into 64 bits."""
    match node.task:
        case p.Task.FACTORIAL:
            return node.args[0] <= 20
        case p.Task.FIBONACCI:
            return indexes(node.args)[1] <= 92
        case p.Task.RANGE_SUM:
            first, last, step = range_of(node.args)
            largest = max(abs(first), abs(last))
            return largest * len(range(first, last + 1, step)) < LONG
        case _:
            return True
