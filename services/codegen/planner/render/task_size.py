"""How large the answers of numeric tasks get, so that programs pick a type that holds them."""

import math

from services.codegen.planner import plan as p
from services.codegen.planner.render.columns import LONG

MAX_STR_DIGITS = 4300
"""Python's own limit for turning an int into text."""
CHUNKS = 8
"""Parallel parts of a numeric task: a few per core on a laptop, one per core on a small cluster."""


MAX_CHUNKS = 10_000
"""Ray schedules some thousand tasks a second; more would be overhead."""
MAX_ADDED = 10**9
"""About 10 s of plain addition over two cores."""
SEGMENT = 10_000_000
"""Numbers per sieve segment: 10 MB of flags."""
POINTS = 1_000_000
"""Random points per task: 16 MB of coordinates."""


def prime_limit(count: int) -> int:
    """A number above the `count`-th prime (Rosser's bound n (ln n + ln ln n) for n ≥ 6)."""
    if count < 6:
        return 14
    return math.ceil(count * (math.log(count) + math.log(math.log(count)))) + 1


def range_of(args: tuple[int, ...]) -> tuple[int, int, int]:
    """First, last and step of a range sum."""
    first, last = args[0], args[1]
    return first, last, args[2] if len(args) > 2 else 1


def total_of(args: tuple[int, ...]) -> int:
    """The sum of an arithmetic range, by Gauss's formula."""
    first, last, step = range_of(args)
    numbers = range(first, last + (1 if step > 0 else -1), step)
    return (numbers[0] + numbers[-1]) * len(numbers) // 2 if numbers else 0


def too_many_to_add(args: tuple[int, ...]) -> bool:
    """True for a range that is not added number by number within a minute."""
    first, last, step = range_of(args)
    return abs(last - first) // abs(step) > MAX_ADDED


def chunks(size: int, most: int) -> int:
    """Parallel parts of a task of `size`, each of at most `most`."""
    return min(max(CHUNKS, -(-size // most)), MAX_CHUNKS)


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
            return len(str(abs(total_of(node.args))))
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
            largest, count = max(abs(first), abs(last)), abs(last - first) // abs(step) + 1
            # While numbers are added, a partial sum may be larger than the whole.
            whole = too_many_to_add(node.args)
            return (abs(total_of(node.args)) if whole else largest * count) < LONG
        case _:
            return True
