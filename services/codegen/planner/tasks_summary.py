"""One line that says what a computation computes."""

from collections.abc import Mapping

from services.codegen.planner.plan import Argument, Compute, Task

MAX_SHOWN = 40
"""Characters of one argument."""
MAX_LISTED = 6
"""Items of a list."""

_SUMMARIES: Mapping[Task, str] = {
    Task.FIRST_PRIMES: "The first {0} primes",
    Task.PRIMES_BELOW: "The primes below {0}",
    Task.PRIMES_BETWEEN: "The primes from {0} to {1}",
    Task.NTH_PRIME: "The prime at place {0}",
    Task.COUNT_PRIMES: "Number of primes from {0} to {1}",
    Task.SUM_PRIMES: "Sum of the primes from {0} to {1}",
    Task.SUM_FIRST_PRIMES: "Sum of the first {0} primes",
    Task.LARGEST_PRIME: "The largest prime below {0}",
    Task.NEXT_PRIME: "The smallest prime above {0}",
    Task.IS_PRIME: "Whether {0} is prime",
    Task.PRIME_FACTORS: "The prime factors of {0}",
    Task.TWIN_PRIMES: "Twin primes from {0} to {1}",
    Task.RANGE_SUM: "Sum of the numbers from {0} to {1}",
    Task.RANGE_MEAN: "Mean of the numbers from {0} to {1}",
    Task.RANGE_PRODUCT: "Product of the numbers from {0} to {1}",
    Task.NUMBERS: "The numbers from {0} to {1}",
    Task.MULTIPLES: "Multiples of {2} from {0} to {1}",
    Task.MULTIPLES_SUM: "Sum of the multiples of {2} from {0} to {1}",
    Task.MULTIPLES_COUNT: "Number of multiples of {2} from {0} to {1}",
    Task.FORMULA_SUM: "Sum of {0} for x from {1} to {2}",
    Task.FORMULA_RANGE: "{0} for x from {1} to {2}",
    Task.FORMULA_LIST: "{0} for x in {1}",
    Task.FORMULA_GRID: "{0} for x from {1} to {2} and y from {3} to {4}",
    Task.MONTE_CARLO_PI: "Pi by Monte Carlo with {0} samples",
    Task.MONTE_CARLO_INTEGRAL: "Integral of {0} from {1} to {2} with {3} samples",
    Task.DICE_COUNTS: "Totals of {0} dice with {1} sides in {2} throws",
    Task.DICE_MEAN: "Mean total of {0} dice with {1} sides in {2} throws",
    Task.DICE_CHANCE: "Chance of {2} to {3} with {0} dice of {1} sides in {4} throws",
    Task.COIN_FLIPS: "Heads in {0} flips of a coin",
    Task.FIBONACCI: "Fibonacci numbers from F({0}) to F({1})",
    Task.FIBONACCI_SUM: "Sum of F({0}) to F({1}), {2}",
    Task.FACTORIAL: "Factorials from {0}! to {1}!",
    Task.POWER: "{0} to the power of {1}",
    Task.DIGIT_SUM: "Digit sum of {0} to the power of {1}",
    Task.FACTORIAL_DIGIT_SUM: "Digit sum of {0}!",
    Task.GCD: "Greatest common divisor of {0}",
    Task.LCM: "Least common multiple of {0}",
    Task.DIVISORS: "The divisors of {0}",
    Task.COUNT_DIVISORS: "Number of divisors of {0}",
    Task.SUM_DIVISORS: "Sum of the divisors of {0}",
    Task.PERFECT_NUMBERS: "Perfect numbers below {0}",
    Task.COLLATZ: "Collatz steps from {0} to 1",
    Task.COLLATZ_SEQUENCE: "Collatz sequence from {0}",
    Task.LONGEST_COLLATZ: "The longest Collatz sequence from a start below {0}",
    Task.COMBINATIONS: "Combinations of {1} out of {0}",
    Task.PERMUTATIONS: "Permutations of {1} out of {0}",
    Task.LIST_SUM: "Sum of {0}",
    Task.LIST_PRODUCT: "Product of {0}",
    Task.LIST_MEAN: "Mean of {0}",
    Task.LIST_MEDIAN: "Median of {0}",
    Task.LIST_STDDEV: "Standard deviation of {0}",
    Task.LIST_VARIANCE: "Variance of {0}",
    Task.LIST_MIN: "The smallest of {0}",
    Task.LIST_MAX: "The largest of {0}",
    Task.SORT_LIST: "{0} in order",
    Task.MAP_WORDS: "Each of {1}: {0}",
    Task.WORD_COUNT: "Word count of “{0}”",
    Task.COUNT_WORDS: "Number of words in “{0}”",
    Task.LETTER_COUNT: "Letter count of “{0}”",
    Task.COUNT_CHARACTERS: "Number of characters in “{0}”",
    Task.MATRIX_PRODUCT: "Product of a matrix of {0} × {1} and one of {1} × {3}",
    Task.SQUARE_PRODUCT: "Product of two matrices of {0} × {0}",
}
_SHORT: Mapping[Task, str] = {
    Task.FIBONACCI: "The Fibonacci number F({0})",
    Task.FACTORIAL: "{0}!",
    Task.DIGIT_SUM: "Digit sum of {0}",
}
"""With one argument only."""
_STEP_AT = {Task.RANGE_SUM: 2, Task.RANGE_MEAN: 2, Task.RANGE_PRODUCT: 2, Task.NUMBERS: 2}
_STEP_AT |= {Task.FORMULA_SUM: 3, Task.FORMULA_RANGE: 3}


def summary(compute: Compute) -> str:
    """Such as `Sum of the numbers from 2 to 10 in steps of 2`."""
    one = len(compute.args) == 1
    template = _SHORT.get(compute.task) if one else None
    said = (template or _SUMMARIES[compute.task]).format(*map(_shown, compute.args))
    step = compute.args[_STEP_AT.get(compute.task, len(compute.args)) :][:1]
    return f"{said} in steps of {step[0]}" if step and step != (1,) else said


def _shown(argument: Argument) -> str:
    if isinstance(argument, tuple):
        some = ", ".join(map(_shown, argument[:MAX_LISTED]))
        return f"{some}, …" if len(argument) > MAX_LISTED else some
    text = str(argument)
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"
