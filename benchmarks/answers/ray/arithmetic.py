"""The answers of computations, in plain Python that knows nothing of the planner.

Every function is as plain as it can be: slow and obvious, so that a reader can trust it.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from fractions import Fraction

import numpy as np

Row = list[object]


def is_prime(n: int) -> bool:
    return n > 1 and all(n % d for d in range(2, math.isqrt(n) + 1))


def primes(low: int, high: int) -> list[int]:
    """From low to high, both included."""
    return [n for n in range(low, high + 1) if is_prime(n)]


def first_primes(count: int) -> list[int]:
    found: list[int] = []
    n = 2
    while len(found) < count:
        if is_prime(n):
            found.append(n)
        n += 1
    return found


def prime_factors(n: int) -> list[Row]:
    factors: Counter[int] = Counter()
    divisor = 2
    while n > 1:
        while n % divisor == 0:
            factors[divisor] += 1
            n //= divisor
        divisor += 1
    return [[factor, exponent] for factor, exponent in sorted(factors.items())]


def fibonacci(n: int) -> int:
    """F(0) = 0 and F(1) = 1."""
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def fibonaccis(test: Callable[[int, int], bool]) -> list[Row]:
    """Index and value of each of the first thousand that pass."""
    return [[n, fibonacci(n)] for n in range(1000) if test(n, fibonacci(n))]


def divisors(n: int) -> list[int]:
    return [d for d in range(1, n + 1) if n % d == 0]


def perfect(limit: int) -> list[int]:
    return [n for n in range(2, limit) if sum(divisors(n)) == 2 * n]


def collatz(n: int) -> list[int]:
    chain = [n]
    while chain[-1] != 1:
        last = chain[-1]
        chain.append(last // 2 if last % 2 == 0 else 3 * last + 1)
    return chain


def longest_collatz(limit: int) -> Row:
    steps, start = max((len(collatz(n)) - 1, -n) for n in range(1, limit))
    return [-start, steps]


def digit_sum(n: int) -> int:
    return sum(int(digit) for digit in str(n))


def harmonic(n: int) -> float:
    return float(sum(Fraction(1, k) for k in range(1, n + 1)))


def variance(numbers: Iterable[float], less: int) -> float:
    listed = list(numbers)
    mean = sum(listed) / len(listed)
    return sum((n - mean) ** 2 for n in listed) / (len(listed) - less)


def words(text: str) -> list[str]:
    """Runs of letters and digits, with apostrophes inside, in lower case."""
    return re.findall(r"[^\W_]+(?:'[^\W_]+)*", text.lower())


def counted(items: Iterable[str]) -> list[Row]:
    """Each item and how often it occurs, most frequent first, then by the alphabet."""
    counts = Counter(items)
    return [[item, counts[item]] for item in sorted(counts, key=lambda i: (-counts[i], i))]


def matrix_product(left: list[list[float]], right: list[list[float]], first: int) -> list[Row]:
    """Row, column and value of each cell; rows and columns are counted from `first`."""
    return [
        [i + first, j + first, sum(row[k] * right[k][j] for k in range(len(right)))]
        for i, row in enumerate(left)
        for j in range(len(right[0]))
    ]


def defined_product(n: int) -> list[Row]:
    """A[i][j] = i + j and B[i][j] = i - j, from 0."""
    left = [[float(i + j) for j in range(n)] for i in range(n)]
    right = [[float(i - j) for j in range(n)] for i in range(n)]
    return [[row, column, int(value)] for row, column, value in _cells(left, right)]


def _cells(left: list[list[float]], right: list[list[float]]) -> list[tuple[int, int, float]]:
    n = len(left)
    return [
        (i, j, sum(left[i][k] * right[k][j] for k in range(n))) for i in range(n) for j in range(n)
    ]


# --- random numbers ----------------------------------------------------------------------------
#
# The algorithm of every estimate: the samples are split into max(8, ⌈samples / 1,000,000⌉) parts
# whose sizes differ by one at most, the larger ones first; part i draws from NumPy's default
# generator with the seed [seed, i]. A library with the same generator gives the same answer.


def parts(samples: int, seed: int) -> list[tuple[int, np.random.Generator]]:
    """Size and generator of each part."""
    tasks = max(8, -(-samples // 1_000_000))
    sizes = [samples // tasks + (1 if i < samples % tasks else 0) for i in range(tasks)]
    return [(size, np.random.default_rng([seed, i])) for i, size in enumerate(sizes)]


def pi(samples: int, seed: int) -> float:
    """Four times the share of points of the unit square within the quarter circle."""
    hits = 0
    for size, generator in parts(samples, seed):
        xs, ys = generator.random((2, size))
        hits += sum(1 for x, y in zip(xs.tolist(), ys.tolist(), strict=True) if x * x + y * y <= 1)
    return 4 * hits / samples


def integral(
    formula: Callable[[float], float], low: float, high: float, samples: int, seed: int
) -> float:
    """The mean of the formula at random points, times the width."""
    found: list[float] = []
    for size, generator in parts(samples, seed):
        found += [formula(low + (high - low) * u) for u in generator.random(size).tolist()]
    return (high - low) * math.fsum(found) / samples


def dice(count: int, sides: int, samples: int, seed: int) -> list[int]:
    """The total of each throw; a part draws all throws of its first die, then of its second."""
    totals: list[int] = []
    for size, generator in parts(samples, seed):
        thrown = generator.integers(1, sides + 1, (count, size)).tolist()
        totals += [sum(throw) for throw in zip(*thrown, strict=True)]
    return totals


def heads(samples: int, seed: int) -> int:
    return sum(
        sum(generator.integers(0, 2, size).tolist()) for size, generator in parts(samples, seed)
    )
