"""How large the answers of computations get, so that programs pick a type that holds them."""

import math

from services.codegen.planner import plan as p
from services.codegen.planner.render.columns import LONG

MAX_STR_DIGITS = 4300
"""Python's own limit for turning an int into text."""
CHUNKS = 8
"""Parallel parts of a computation: a few per core on a laptop, one per core on a small cluster."""


MAX_CHUNKS = 10_000
"""Ray schedules some thousand tasks a second; more would be overhead."""
MAX_ADDED = 10**9
"""About 10 s of plain addition over two cores."""
SEGMENT = 10_000_000
"""Numbers per sieve segment: 10 MB of flags."""
POINTS = 1_000_000
"""Random points per task: 16 MB of coordinates."""


def whole(node: p.Compute, at: int) -> int:
    """The argument at place `at`, which is a whole number."""
    argument = node.args[at]
    assert isinstance(argument, int)
    return argument


def real(node: p.Compute, at: int) -> int | float:
    """The argument at place `at`, which is a number."""
    argument = node.args[at]
    assert isinstance(argument, int | float)
    return argument


def text(node: p.Compute, at: int) -> str:
    """The argument at place `at`, which is a text."""
    argument = node.args[at]
    assert isinstance(argument, str)
    return argument


def items(node: p.Compute, at: int) -> tuple[int | float | str, ...]:
    """The argument at place `at`, which is a list."""
    argument = node.args[at]
    assert isinstance(argument, tuple)
    return argument


def reals(node: p.Compute, at: int) -> tuple[int | float, ...]:
    """The argument at place `at`, which is a list of numbers."""
    return tuple(n for n in items(node, at) if isinstance(n, int | float))


def prime_limit(count: int) -> int:
    """A number above the `count`-th prime (Rosser's bound n (ln n + ln ln n) for n ≥ 6)."""
    if count < 6:
        return 14
    return math.ceil(count * (math.log(count) + math.log(math.log(count)))) + 1


def range_of(node: p.Compute, at: int = 0) -> tuple[int, int, int]:
    """First, last and step of a range whose arguments begin at place `at`."""
    step = node.args[at + 2] if len(node.args) > at + 2 else 1
    return whole(node, at), whole(node, at + 1), step if isinstance(step, int) else 1


def numbers_of(node: p.Compute, at: int = 0) -> range:
    """The numbers of a range, both ends included."""
    first, last, step = range_of(node, at)
    return range(first, last + (1 if step > 0 else -1), step)


def range_code(node: p.Compute, at: int = 0) -> str:
    """The arguments of `range` for the numbers."""
    numbers = numbers_of(node, at)
    if numbers.step != 1:
        return f"{numbers.start}, {numbers.stop}, {numbers.step}"
    return f"{numbers.start}, {numbers.stop}" if numbers.start else str(numbers.stop)


def total_of(node: p.Compute) -> int:
    """The sum of an arithmetic range, by Gauss's formula."""
    numbers = numbers_of(node)
    return (numbers[0] + numbers[-1]) * len(numbers) // 2 if numbers else 0


def too_many_to_add(node: p.Compute) -> bool:
    """True for a range that is not added number by number within a minute."""
    return len(numbers_of(node)) > MAX_ADDED


def chunks(size: int, most: int) -> int:
    """Parallel parts of a task of `size`, each of at most `most`."""
    return min(max(CHUNKS, -(-size // most)), MAX_CHUNKS)


def indexes(node: p.Compute) -> tuple[int, int]:
    """First and last index of Fibonacci numbers or factorials."""
    return whole(node, 0), whole(node, 1 if len(node.args) > 1 else 0)


def seed_of(node: p.Compute) -> int:
    """The seed of an estimate of pi: always the same, so that an answer can be repeated."""
    return whole(node, 1) if len(node.args) > 1 else 42


def digits(node: p.Compute) -> int:
    """About how many decimal digits the largest value of the answer has."""
    match node.task:
        case p.Task.FACTORIAL | p.Task.FACTORIAL_DIGIT_SUM:
            return _factorial_digits(indexes(node)[1])
        case p.Task.FIBONACCI | p.Task.FIBONACCI_SUM:
            return int(indexes(node)[1] * math.log10((1 + math.sqrt(5)) / 2)) + 2
        case p.Task.RANGE_SUM:
            return len(str(abs(total_of(node))))
        case p.Task.RANGE_PRODUCT:
            return int(sum(math.log10(max(abs(n), 1)) for n in numbers_of(node))) + 1
        case p.Task.POWER | p.Task.DIGIT_SUM if len(node.args) == 2:
            return int(whole(node, 1) * math.log10(max(abs(whole(node, 0)), 1))) + 1
        case p.Task.COMBINATIONS | p.Task.PERMUTATIONS:
            return _factorial_digits(whole(node, 0))
        case _:
            return 1


def _factorial_digits(n: int) -> int:
    return int(math.lgamma(n + 1) / math.log(10)) + 1


def long_digits(node: p.Compute) -> bool:
    """True when a value has more digits than Python turns into text without being told."""
    return digits(node) >= MAX_STR_DIGITS


def fits_long(node: p.Compute) -> bool:
    """True when every value fits into 64 bits."""
    match node.task:
        case p.Task.FACTORIAL:
            return indexes(node)[1] <= 20
        case p.Task.FIBONACCI:
            return indexes(node)[1] <= 92
        case p.Task.FIBONACCI_SUM:
            return indexes(node)[1] <= 89
        case p.Task.RANGE_SUM:
            numbers = numbers_of(node)
            largest = max(abs(numbers.start), abs(whole(node, 1)))
            # While numbers are added, a partial sum may be larger than the whole.
            direct = too_many_to_add(node)
            return (abs(total_of(node)) if direct else largest * (len(numbers) + 1)) < LONG
        case p.Task.POWER | p.Task.RANGE_PRODUCT:
            return digits(node) <= 18
        case p.Task.COMBINATIONS:
            n = whole(node, 0)
            return n < 2000 and math.comb(n, whole(node, 1)) < LONG
        case p.Task.PERMUTATIONS:
            n = whole(node, 0)
            return n < 2000 and math.perm(n, whole(node, 1)) < LONG
        case p.Task.LCM:
            return math.lcm(*(int(n) for n in reals(node, 0))) < LONG
        case _:
            return True
