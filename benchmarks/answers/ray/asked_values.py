"""Questions about chance, lists, words, matrices and formulas, with their answers."""

import math
from collections import Counter

from benchmarks.answers.ray import arithmetic as a
from benchmarks.answers.ray.question import Question, compute, mapped

_RHYME = "the cat and the dog and the mouse"
_BE = "To be, or not to be, that is the question"


def chance() -> list[Question]:
    rolls = Counter(a.dice(2, 6, 10_000, 42))
    one = Counter(a.dice(1, 6, 6_000, 1))
    two = a.dice(2, 6, 100_000, 42)
    three = a.dice(3, 6, 50_000, 42)
    flips, fair = a.heads(1000, 42), a.heads(100_000, 5)
    return [
        *compute(
            "pi",
            ("Estimate pi with 100,000 samples", [[100_000, a.pi(100_000, 42)]]),
            (
                "Monte Carlo estimate of pi using 1 million random points",
                [[1_000_000, a.pi(1_000_000, 42)]],
            ),
            (
                "approximate π by Monte Carlo simulation with 200000 darts and seed 7",
                [[200_000, a.pi(200_000, 7)]],
            ),
            ("estimate pi by the Monte Carlo method", [[1_000_000, a.pi(1_000_000, 42)]]),
            tolerance=0.02,
        ),
        *compute(
            "integral",
            (
                "integral of x**2 from 0 to 1 by Monte Carlo with 100000 samples",
                [[100_000, a.integral(lambda x: x * x, 0, 1, 100_000, 42)]],
            ),
            (
                "estimate the integral of sin(x) from 0 to pi using 50,000 random samples",
                [[50_000, a.integral(math.sin, 0, math.pi, 50_000, 42)]],
            ),
            (
                "Monte Carlo integration: x^3 + 1 between 0 and 2 with 200000 points, seed 3",
                [[200_000, a.integral(lambda x: x**3 + 1, 0, 2, 200_000, 3)]],
            ),
            tolerance=0.05,
        ),
        *compute(
            "dice",
            ("simulate 10000 rolls of two dice", [[t, rolls[t]] for t in sorted(rolls)]),
            ("roll a six-sided die 6000 times with seed 1", [[t, one[t]] for t in sorted(one)]),
            tolerance=0.2,
        ),
        *compute(
            "dice",
            (
                "What is the probability of rolling a sum of 7 with two dice? Use 100000 rolls.",
                [[100_000, sum(t == 7 for t in two) / 100_000]],
            ),
            (
                "estimate the chance of at least 10 with 2 dice by simulating 100,000 throws",
                [[100_000, sum(t >= 10 for t in two) / 100_000]],
            ),
            ("average total of three dice over 50000 rolls", [[50_000, sum(three) / 50_000]]),
            tolerance=0.02,
        ),
        *compute(
            "coin",
            ("flip a coin 1000 times and count the heads", [[1000, flips, flips / 1000]]),
            ("simulate 100,000 coin tosses with seed 5", [[100_000, fair, fair / 100_000]]),
            ("how many heads in 1000 coin flips", [[1000, flips, flips / 1000]]),
            tolerance=0.1,
        ),
    ]


def lists() -> list[Question]:
    odd = [2, 4, 4, 4, 5, 5, 7, 9]
    return [
        *compute(
            "mean",
            ("mean of 3, 4, 5", [[4.0]]),
            ("What is the average of 12, 15 and 20.5?", [[47.5 / 3]]),
            ("calculate the mean of [2, 4, 4, 4, 5, 5, 7, 9]", [[sum(odd) / 8]]),
        ),
        *compute(
            "spread",
            ("standard deviation of 2, 4, 4, 4, 5, 5, 7, 9", [[math.sqrt(a.variance(odd, 1))]]),
            ("population standard deviation of 2 4 4 4 5 5 7 9", [[2.0]]),
            ("variance of the numbers 1, 2, 3, 4", [[a.variance([1, 2, 3, 4], 1)]]),
        ),
        *compute(
            "median",
            ("median of 7, 1, 5", [[5.0]]),
            ("find the median of the list 4, 8, 15, 16, 23, 42", [[15.5]]),
            ("what's the median of 10, 2, 38, 23, 38, 23, 21?", [[23.0]]),
        ),
        *compute(
            "list_total",
            ("sum of 3, 5 and 8", [[16]]),
            ("the product of 4, 6 and 7", [[168]]),
            ("largest of 17, 4, 99, 23", [[99]]),
            ("minimum of 8, -3, 12", [[-3]]),
            ("add up the numbers 1.5, 2.25 and 3", [[6.75]]),
        ),
        *mapped(
            "sort",
            ("sort these numbers: 5, 3, 9, 1", [[1], [3], [5], [9]]),
            ("sort [10, 7, 8] in descending order", [[10], [8], [7]]),
            (
                "Sort the words banana, apple, cherry alphabetically",
                [["apple"], ["banana"], ["cherry"]],
            ),
        ),
        *mapped(
            "words",
            (
                "reverse each of the words apple, banana and cherry",
                [[w, w[::-1]] for w in ("apple", "banana", "cherry")],
            ),
            (
                "convert the words 'red', 'green', 'blue' to uppercase",
                [[w, w.upper()] for w in ("red", "green", "blue")],
            ),
            (
                "length of each of the words one, three, eleven",
                [[w, len(w)] for w in ("one", "three", "eleven")],
            ),
        ),
    ]


def texts() -> list[Question]:
    return [
        *compute(
            "word_count",
            (f'word count of "{_RHYME}"', a.counted(a.words(_RHYME))),
            (f"Count the words in '{_BE}'", a.counted(a.words(_BE))),
            (f"how often does each word occur in '{_RHYME}'?", a.counted(a.words(_RHYME))),
            (f"top 2 words in '{_RHYME}'", a.counted(a.words(_RHYME))[:2]),
            (f'the 3 most frequent words in "{_BE}"', a.counted(a.words(_BE))[:3]),
        ),
        *compute(
            "text_totals",
            (f"how many words are in '{_BE}'?", [[len(a.words(_BE))]]),
            ("count each letter in 'mississippi'", a.counted("mississippi")),
            ("how many characters are in 'hello world'", [[11]]),
        ),
    ]


def matrices() -> list[Question]:
    one: list[list[float]] = [[1, 2], [3, 4]]
    two: list[list[float]] = [[5, 6], [7, 8]]
    wide: list[list[float]] = [[1, 2, 3], [4, 5, 6]]
    tall: list[list[float]] = [[1, 0], [0, 1], [2, 2]]
    return [
        *compute(
            "matrix",
            ("multiply [[1,2],[3,4]] by [[5,6],[7,8]]", a.matrix_product(one, two, 1)),
            (
                "matrix product of [[1, 2, 3], [4, 5, 6]] and [[1, 0], [0, 1], [2, 2]]",
                a.matrix_product(wide, tall, 1),
            ),
            ("multiply two 10x10 matrices", a.defined_product(10)),
            ("matrix multiplication of size 20", a.defined_product(20)),
        ),
    ]


def formulas() -> list[Question]:
    return [
        *mapped(
            "named_map",
            ("square each of 1 to 20 in parallel", [[x, x * x] for x in range(1, 21)]),
            ("cube the numbers from 1 to 10", [[x, x**3] for x in range(1, 11)]),
            ("square roots of 1 to 9", [[x, math.sqrt(x)] for x in range(1, 10)]),
            ("double each of 3, 5 and 8", [[x, 2 * x] for x in (3, 5, 8)]),
            ("multiplication table of 7", [[x, 7 * x] for x in range(1, 11)]),
        ),
        *mapped(
            "sweep",
            ("compute x**2+1 for x from 1 to 10", [[x, x * x + 1] for x in range(1, 11)]),
            (
                "Evaluate f(x) = 3x^2 - 2x + 5 for x from 0 to 8",
                [[x, 3 * x * x - 2 * x + 5] for x in range(9)],
            ),
            (
                "run a parameter sweep of x squared plus 2x for x between 10 and 20 with step 2",
                [[x, x * x + 2 * x] for x in range(10, 21, 2)],
            ),
            ("calculate sqrt(x) / 2 for x in 1..5", [[x, math.sqrt(x) / 2] for x in range(1, 6)]),
            (
                "x*y for x from 1 to 3 and y from 2 to 4",
                [[x, y, x * y] for x in range(1, 4) for y in range(2, 5)],
            ),
        ),
        *compute(
            "formula_sum",
            ("sum of x**2 + x for x from 1 to 50", [[sum(x * x + x for x in range(1, 51))]]),
            ("sum of 1/n^2 for n from 1 to 1000", [[sum(1 / n**2 for n in range(1, 1001))]]),
            ("add up 2**k for k from 0 to 20", [[sum(2**k for k in range(21))]]),
        ),
    ]


def questions() -> list[Question]:
    """All questions of this file."""
    return [*chance(), *lists(), *texts(), *matrices(), *formulas()]
