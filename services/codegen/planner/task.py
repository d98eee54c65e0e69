"""The computations that need no table."""

from collections.abc import Mapping
from enum import StrEnum


class Task(StrEnum):
    """Computations without a table. Each docstring names the arguments and the answer's columns.

    Both ends of a range are included unless it says otherwise; a formula is text over x (and y),
    see `expression.py`; (a, b) in brackets is one argument, a tuple.
    """

    FIRST_PRIMES = "first_primes"
    """(count) → prime"""
    PRIMES_BELOW = "primes_below"
    """(limit, itself left out) → prime"""
    PRIMES_BETWEEN = "primes_between"
    """(low, high) → prime"""
    NTH_PRIME = "nth_prime"
    """(n), where 2 is the first → n, prime"""
    COUNT_PRIMES = "count_primes"
    """(low, high) → count"""
    SUM_PRIMES = "sum_primes"
    """(low, high) → sum"""
    SUM_FIRST_PRIMES = "sum_first_primes"
    """(count) → sum"""
    LARGEST_PRIME = "largest_prime"
    """(limit, itself left out) → prime"""
    NEXT_PRIME = "next_prime"
    """(above, itself left out) → prime"""
    IS_PRIME = "is_prime"
    """(n) → n, is prime"""
    PRIME_FACTORS = "prime_factors"
    """(n) → factor, exponent"""
    TWIN_PRIMES = "twin_primes"
    """(low, high) → first, second; both within the range"""
    RANGE_SUM = "range_sum"
    """(first, last, step = 1), both ends included → sum"""
    RANGE_MEAN = "range_mean"
    """(first, last, step = 1) → mean"""
    RANGE_PRODUCT = "range_product"
    """(first, last, step = 1) → product"""
    NUMBERS = "numbers"
    """(first, last, step) → number"""
    MULTIPLES = "multiples"
    """(first, last, (divisors)): numbers that one of the divisors divides → number"""
    MULTIPLES_SUM = "multiples_sum"
    """(first, last, (divisors)) → sum"""
    MULTIPLES_COUNT = "multiples_count"
    """(first, last, (divisors)) → count"""
    FORMULA_SUM = "formula_sum"
    """(formula, first, last, step) → sum"""
    FORMULA_RANGE = "formula_range"
    """(formula, first, last, step) → x, value"""
    FORMULA_LIST = "formula_list"
    """(formula, (numbers)) → x, value"""
    FORMULA_GRID = "formula_grid"
    """(formula, first x, last x, first y, last y) → x, y, value"""
    MONTE_CARLO_PI = "monte_carlo_pi"
    """(samples, seed = 42) → samples, pi"""
    MONTE_CARLO_INTEGRAL = "monte_carlo_integral"
    """(formula, low, high, samples, seed) → samples, integral"""
    DICE_COUNTS = "dice_counts"
    """(dice, sides, samples, seed): how often each total was thrown → total, count"""
    DICE_MEAN = "dice_mean"
    """(dice, sides, samples, seed) → samples, mean"""
    DICE_CHANCE = "dice_chance"
    """(dice, sides, lowest total, highest total, samples, seed) → samples, probability"""
    COIN_FLIPS = "coin_flips"
    """(samples, seed) → samples, heads, share"""
    FIBONACCI = "fibonacci"
    """(n) or (first n, last n) with F(0) = 0 and F(1) = 1 → n, fibonacci"""
    FIBONACCI_SUM = "fibonacci_sum"
    """(first n, last n, divisor): the sum of those that the divisor divides → sum"""
    FACTORIAL = "factorial"
    """(n) or (first n, last n) → n, factorial"""
    POWER = "power"
    """(base, exponent) → power"""
    DIGIT_SUM = "digit_sum"
    """(number) or (base, exponent), of their power → sum"""
    FACTORIAL_DIGIT_SUM = "factorial_digit_sum"
    """(n) → sum"""
    GCD = "gcd"
    """((numbers)) → gcd"""
    LCM = "lcm"
    """((numbers)) → lcm"""
    DIVISORS = "divisors"
    """(n) → divisor"""
    COUNT_DIVISORS = "count_divisors"
    """(n) → count"""
    SUM_DIVISORS = "sum_divisors"
    """(n) → sum"""
    PERFECT_NUMBERS = "perfect_numbers"
    """(limit, itself left out) → number"""
    COLLATZ = "collatz"
    """(n) → n, steps to 1"""
    COLLATZ_SEQUENCE = "collatz_sequence"
    """(n) → step, value"""
    LONGEST_COLLATZ = "longest_collatz"
    """(limit, itself left out); the smallest of equals → n, steps"""
    COMBINATIONS = "combinations"
    """(n, k) → count"""
    PERMUTATIONS = "permutations"
    """(n, k) → count"""
    LIST_SUM = "list_sum"
    """((numbers)) → sum"""
    LIST_PRODUCT = "list_product"
    """((numbers)) → product"""
    LIST_MEAN = "list_mean"
    """((numbers)) → mean"""
    LIST_MEDIAN = "list_median"
    """((numbers)) → median"""
    LIST_STDDEV = "list_stddev"
    """((numbers), less): divided by the count less `less`, 1 for a sample → stddev"""
    LIST_VARIANCE = "list_variance"
    """((numbers), less) → variance"""
    LIST_MIN = "list_min"
    """((numbers)) → minimum"""
    LIST_MAX = "list_max"
    """((numbers)) → maximum"""
    SORT_LIST = "sort_list"
    """((numbers or words), 1 for descending else 0) → value"""
    MAP_WORDS = "map_words"
    """(reverse, upper, lower or length, (words)) → word, result"""
    WORD_COUNT = "word_count"
    """(text, how many at most or 0 for all), lower-cased, most frequent first → word, count"""
    COUNT_WORDS = "count_words"
    """(text) → words"""
    LETTER_COUNT = "letter_count"
    """(text), letters and digits, lower-cased, most frequent first → letter, count"""
    COUNT_CHARACTERS = "count_characters"
    """(text) → characters"""
    MATRIX_PRODUCT = "matrix_product"
    """(rows of A, columns of A, (A by rows), columns of B, (B by rows)) → row, column, value"""
    SQUARE_PRODUCT = "square_product"
    """(n): A·B for the n × n matrices A[i][j] = i + j and B[i][j] = i - j, with i and j from 0
    → row, column, value; rows and columns from 0"""


TASK_COLUMNS: Mapping[Task, tuple[str, ...]] = {
    Task.FIRST_PRIMES: ("prime",),
    Task.PRIMES_BELOW: ("prime",),
    Task.PRIMES_BETWEEN: ("prime",),
    Task.NTH_PRIME: ("n", "prime"),
    Task.COUNT_PRIMES: ("count",),
    Task.SUM_PRIMES: ("sum",),
    Task.SUM_FIRST_PRIMES: ("sum",),
    Task.LARGEST_PRIME: ("prime",),
    Task.NEXT_PRIME: ("prime",),
    Task.IS_PRIME: ("n", "is prime"),
    Task.PRIME_FACTORS: ("factor", "exponent"),
    Task.TWIN_PRIMES: ("first", "second"),
    Task.RANGE_SUM: ("sum",),
    Task.RANGE_MEAN: ("mean",),
    Task.RANGE_PRODUCT: ("product",),
    Task.NUMBERS: ("number",),
    Task.MULTIPLES: ("number",),
    Task.MULTIPLES_SUM: ("sum",),
    Task.MULTIPLES_COUNT: ("count",),
    Task.FORMULA_SUM: ("sum",),
    Task.FORMULA_RANGE: ("x", "value"),
    Task.FORMULA_LIST: ("x", "value"),
    Task.FORMULA_GRID: ("x", "y", "value"),
    Task.MONTE_CARLO_PI: ("samples", "pi"),
    Task.MONTE_CARLO_INTEGRAL: ("samples", "integral"),
    Task.DICE_COUNTS: ("total", "count"),
    Task.DICE_MEAN: ("samples", "mean"),
    Task.DICE_CHANCE: ("samples", "probability"),
    Task.COIN_FLIPS: ("samples", "heads", "share"),
    Task.FIBONACCI: ("n", "fibonacci"),
    Task.FIBONACCI_SUM: ("sum",),
    Task.FACTORIAL: ("n", "factorial"),
    Task.POWER: ("power",),
    Task.DIGIT_SUM: ("sum",),
    Task.FACTORIAL_DIGIT_SUM: ("sum",),
    Task.GCD: ("gcd",),
    Task.LCM: ("lcm",),
    Task.DIVISORS: ("divisor",),
    Task.COUNT_DIVISORS: ("count",),
    Task.SUM_DIVISORS: ("sum",),
    Task.PERFECT_NUMBERS: ("number",),
    Task.COLLATZ: ("n", "steps"),
    Task.COLLATZ_SEQUENCE: ("step", "value"),
    Task.LONGEST_COLLATZ: ("n", "steps"),
    Task.COMBINATIONS: ("count",),
    Task.PERMUTATIONS: ("count",),
    Task.LIST_SUM: ("sum",),
    Task.LIST_PRODUCT: ("product",),
    Task.LIST_MEAN: ("mean",),
    Task.LIST_MEDIAN: ("median",),
    Task.LIST_STDDEV: ("stddev",),
    Task.LIST_VARIANCE: ("variance",),
    Task.LIST_MIN: ("minimum",),
    Task.LIST_MAX: ("maximum",),
    Task.SORT_LIST: ("value",),
    Task.MAP_WORDS: ("word", "result"),
    Task.WORD_COUNT: ("word", "count"),
    Task.COUNT_WORDS: ("words",),
    Task.LETTER_COUNT: ("letter", "count"),
    Task.COUNT_CHARACTERS: ("characters",),
    Task.MATRIX_PRODUCT: ("row", "column", "value"),
    Task.SQUARE_PRODUCT: ("row", "column", "value"),
}
"""Columns of the answer, in order."""
