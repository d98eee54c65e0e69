"""Ranges, multiples, divisors, perfect numbers and Collatz chains on Ray."""

from services.codegen.planner import plan as p
from services.codegen.planner.render.task_frame import Code, Holds, arrow, lines
from services.codegen.planner.render.task_size import (
    CHUNKS,
    SEGMENT,
    chunks,
    fits_long,
    indexes,
    long_digits,
    numbers_of,
    range_code,
    reals,
    too_many_to_add,
    whole,
)

_SUM = '''\
@ray.remote
def partial_sum(numbers: range) -> int:
    """The sum of one part of the range."""
    return sum(numbers)'''

_PRODUCT = '''\
@ray.remote
def product(numbers: range) -> int:
    """The product of one part of the factors."""
    return math.prod(numbers)'''

_FACTORIALS = '''\
@ray.remote
def factorials(numbers: range) -> list[int]:
    """n! for each n of one part of the range."""
    return [math.factorial(n) for n in numbers]'''

_FIBONACCI = '''\
@ray.remote
def fibonacci(first: int, last: int) -> list[int]:
    """F(first) to F(last), with F(0) = 0 and F(1) = 1."""
    a, b = 0, 1
    for _ in range(first):
        a, b = b, a + b
    numbers = []
    for _ in range(first, last + 1):
        numbers.append(a)
        a, b = b, a + b
    return numbers'''

_MULTIPLES = '''\
@ray.remote
def multiples(numbers: range, divisors: list[int]) -> {gives}:
    """{says}"""
    return {code}'''

_DIVISORS = '''\
@ray.remote
def divisors_among(candidates: range, n: int) -> list[int]:
    """The candidates that divide n."""
    return [candidate for candidate in candidates if n % candidate == 0]'''

_PERFECT = '''\
@ray.remote
def perfect_numbers(low: int, high: int) -> list[int]:
    """The numbers in [low, high) that are the sum of their smaller divisors."""
    sums = np.ones(high - low, np.int64)
    for divisor in range(2, math.isqrt(high) + 1):
        start = max(divisor * divisor, -(-low // divisor) * divisor)
        multiples = np.arange(start, high, divisor)
        others = multiples // divisor
        sums[multiples - low] += divisor + np.where(others == divisor, 0, others)
    numbers = np.arange(low, high)
    return [int(n) for n in numbers[(sums == numbers) & (numbers > 1)]]'''

_LONGEST = '''\
@ray.remote
def longest_chain(starts: range) -> tuple[int, int]:
    """Steps and start of the longest chain to 1; of equally long ones the smallest start."""
    longest, best = -1, 0
    for start in starts:
        n, steps = start, 0
        while n != 1:
            n = n // 2 if n % 2 == 0 else 3 * n + 1
            steps += 1
        if steps > longest:
            longest, best = steps, start
    return longest, best'''


def contiguous(numbers: str = "numbers") -> list[str]:
    """`parts`: a few pieces of a range, in order."""
    return [
        f"size = max(1, -(-len({numbers}) // {CHUNKS}))",
        f"parts = [{numbers}[i : i + size] for i in range(0, len({numbers}), size)]",
    ]


def _value(node: p.Compute, name: str) -> tuple[str, Holds]:
    return (f"[{name}]", Holds.WHOLE) if fits_long(node) else (f"[str({name})]", Holds.TEXT)


def _unlimited(node: p.Compute) -> list[str]:
    return ["sys.set_int_max_str_digits(0)"] if long_digits(node) else []


def range_sum(node: p.Compute) -> Code:
    """A sum, added in parallel or by Gauss's formula."""
    shown = arrow([("sum", *_value(node, "total"))])
    if too_many_to_add(node):
        code = lines(
            "# Too many numbers to add one by one: Gauss's formula gives their sum.",
            f"numbers = range({range_code(node)})",
            "total = (numbers[0] + numbers[-1]) * len(numbers) // 2",
        )
        return [], code + shown
    code = lines(
        f"numbers = range({range_code(node)})",
        f"parts = [numbers[i::{CHUNKS}] for i in range({CHUNKS})]",
        "total = sum(ray.get([partial_sum.remote(part) for part in parts]))",
    )
    return [_SUM.splitlines()], code + shown


def range_mean(node: p.Compute) -> Code:
    """The mean of a range, added in parallel."""
    code = lines(
        f"numbers = range({range_code(node)})",
        f"parts = [numbers[i::{CHUNKS}] for i in range({CHUNKS})]",
        "total = sum(ray.get([partial_sum.remote(part) for part in parts]))",
    )
    return [_SUM.splitlines()], code + arrow([("mean", "[total / len(numbers)]", Holds.REAL)])


def range_product(node: p.Compute) -> Code:
    """A product, multiplied in parallel."""
    code = lines(
        *_unlimited(node),
        f"factors = range({range_code(node)})",
        f"parts = [product.remote(factors[i::{CHUNKS}]) for i in range({CHUNKS})]",
        "answer = math.prod(ray.get(parts))",
    )
    return [_PRODUCT.splitlines()], code + arrow([("product", *_value(node, "answer"))])


def numbers(node: p.Compute) -> Code:
    """The numbers of a range."""
    code = lines(f"numbers = range({range_code(node)})")
    return [], code + arrow([("number", "numbers", Holds.WHOLE)])


def fibonacci(node: p.Compute) -> Code:
    """Fibonacci numbers by their index."""
    first, last = indexes(node)
    fits = fits_long(node)
    texts = [] if fits else ["texts = [str(number) for number in numbers]"]
    code = lines(
        *_unlimited(node),
        f"indexes = range({first}, {last + 1})" if first else f"indexes = range({last + 1})",
        *contiguous("indexes"),
        "tasks = [fibonacci.remote(part[0], part[-1]) for part in parts]",
        "numbers = [number for part in ray.get(tasks) for number in part]",
        *texts,
    )
    held = ("numbers", Holds.WHOLE) if fits else ("texts", Holds.TEXT)
    return [_FIBONACCI.splitlines()], code + arrow(
        [("n", "list(indexes)", Holds.WHOLE), ("fibonacci", *held)]
    )


def factorial(node: p.Compute) -> Code:
    """One factorial, its factors multiplied in parallel, or those of a range."""
    if len(node.args) > 1:
        return _factorials(node)
    n = whole(node, 0)
    code = lines(
        *_unlimited(node),
        f"factors = range(1, {n + 1})",
        f"parts = [product.remote(factors[i::{CHUNKS}]) for i in range({CHUNKS})]",
        "answer = math.prod(ray.get(parts))",
    )
    columns = [("n", f"[{n}]", Holds.WHOLE), ("factorial", *_value(node, "answer"))]
    return [_PRODUCT.splitlines()], code + arrow(columns)


def _factorials(node: p.Compute) -> Code:
    first, last = indexes(node)
    fits = fits_long(node)
    value = "number" if fits else "str(number)"
    code = lines(
        *_unlimited(node),
        f"numbers = range({first}, {last + 1})",
        *contiguous(),
        "tasks = [factorials.remote(part) for part in parts]",
        f"values = [{value} for part in ray.get(tasks) for number in part]",
    )
    held = Holds.WHOLE if fits else Holds.TEXT
    columns = [("n", "numbers", Holds.WHOLE), ("factorial", "values", held)]
    return [_FACTORIALS.splitlines()], code + arrow(columns)


def multiples(node: p.Compute) -> Code:
    """Numbers that one of the divisors divides: listed, added or counted."""
    test = "any(n % divisor == 0 for divisor in divisors)"
    divisors = [int(d) for d in reals(node, 2)]
    what = "the numbers that one of the divisors divides."
    says, gives, code, column = {
        p.Task.MULTIPLES: (what, "list[int]", f"[n for n in numbers if {test}]", "number"),
        p.Task.MULTIPLES_SUM: (
            f"the sum of {what}",
            "int",
            f"sum(n for n in numbers if {test})",
            "sum",
        ),
        p.Task.MULTIPLES_COUNT: (
            "how many numbers one of the divisors divides.",
            "int",
            f"sum({test} for n in numbers)",
            "count",
        ),
    }[node.task]
    function = _MULTIPLES.format(gives=gives, says=says.capitalize(), code=code)
    size = len(numbers_of(node))
    start = lines(
        f"numbers, divisors = range({whole(node, 0)}, {whole(node, 1) + 1}), {divisors}",
        f"size = {max(1, -(-size // chunks(size, SEGMENT)))}",
        "parts = [numbers[i : i + size] for i in range(0, len(numbers), size)]",
        "tasks = [multiples.remote(part, divisors) for part in parts]",
    )
    if node.task is not p.Task.MULTIPLES:
        return [function.splitlines()], start + arrow(
            [(column, "[sum(ray.get(tasks))]", Holds.WHOLE)]
        )
    rest = lines("found = [number for part in ray.get(tasks) for number in part]")
    return [function.splitlines()], start + rest + arrow([(column, "found", Holds.WHOLE)])


def divisors(node: p.Compute) -> Code:
    """Divisors of one number: listed, counted or added."""
    code = lines(
        f"n = {whole(node, 0)}",
        "candidates = range(1, math.isqrt(n) + 1)",
        f"parts = [divisors_among.remote(candidates[i::{CHUNKS}], n) for i in range({CHUNKS})]",
        "small = [divisor for part in ray.get(parts) for divisor in part]",
        "divisors = sorted({*small, *(n // divisor for divisor in small)})",
    )
    column, shown = {
        p.Task.DIVISORS: ("divisor", "divisors"),
        p.Task.COUNT_DIVISORS: ("count", "[len(divisors)]"),
        p.Task.SUM_DIVISORS: ("sum", "[sum(divisors)]"),
    }[node.task]
    return [_DIVISORS.splitlines()], code + arrow([(column, shown, Holds.WHOLE)])


def perfect_numbers(node: p.Compute) -> Code:
    """Perfect numbers below a limit."""
    limit = max(whole(node, 0), 1)
    code = lines(
        f"limit, size = {limit}, {max(1, -(-limit // chunks(limit, SEGMENT)))}",
        "starts = range(1, limit, size)",
        "parts = [perfect_numbers.remote(low, min(low + size, limit)) for low in starts]",
        "numbers = [number for part in ray.get(parts) for number in part]",
    )
    return [_PERFECT.splitlines()], code + arrow([("number", "numbers", Holds.WHOLE)])


def longest_collatz(node: p.Compute) -> Code:
    """The start below a limit with the longest chain."""
    code = lines(
        f"starts = range(1, {whole(node, 0)})",
        f"parts = [longest_chain.remote(starts[i::{CHUNKS}]) for i in range({CHUNKS})]",
        "steps, n = max(ray.get(parts), key=lambda found: (found[0], -found[1]))",
    )
    columns = [("n", "[n]", Holds.WHOLE), ("steps", "[steps]", Holds.WHOLE)]
    return [_LONGEST.splitlines()], code + arrow(columns)
