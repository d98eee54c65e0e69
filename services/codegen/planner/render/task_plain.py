"""Computations that one plain Python function answers, for both frameworks."""

from collections.abc import Callable, Mapping

from services.codegen.planner import plan as p
from services.codegen.planner.render.layout import Text, listed
from services.codegen.planner.render.task_frame import Holds, Plain
from services.codegen.planner.render.task_size import fits_long, long_digits, reals, whole
from services.codegen.planner.render.task_words import WORDS

_GCD = '''\
def greatest_common_divisor(numbers: list[int]) -> int:
    """The largest number that divides all of them."""
    return math.gcd(*numbers)'''

_LCM = '''\
def least_common_multiple(numbers: list[int]) -> int:
    """The smallest number that all of them divide."""
    return math.lcm(*numbers)'''

_POWER = '''\
def power(base: int, exponent: int) -> int:
    """The base, multiplied by itself as often as the exponent says."""
    return base**exponent'''

_DIGITS = '''\
def digit_sum(number: int) -> int:
    """The sum of the decimal digits."""
    return sum(int(digit) for digit in str(number))'''

_MANY_DIGITS = '''\
def digit_sum(number: int) -> int:
    """The sum of the decimal digits."""
    sys.set_int_max_str_digits(0)
    return sum(int(digit) for digit in str(number))'''

_COMBINATIONS = '''\
def combinations(n: int, k: int) -> int:
    """In how many ways k of n things can be chosen."""
    return math.comb(n, k)'''

_PERMUTATIONS = '''\
def permutations(n: int, k: int) -> int:
    """In how many ways k of n things can be put in order."""
    return math.perm(n, k)'''

_FACTORS = '''\
def prime_factors(n: int) -> list[tuple[int, int]]:
    """Each prime that divides n, with its exponent, by trial division."""
    factors = []
    divisor = 2
    while divisor * divisor <= n:
        exponent = 0
        while n % divisor == 0:
            n //= divisor
            exponent += 1
        if exponent:
            factors.append((divisor, exponent))
        divisor += 1
    return [*factors, (n, 1)] if n > 1 else factors'''

_COLLATZ = '''\
def collatz(n: int) -> list[tuple[int, int]]:
    """The numbers from n to 1, each with its step: even ones are halved, others 3 n + 1."""
    chain = [(0, n)]
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        chain.append((len(chain), n))
    return chain'''

_COLLATZ_STEPS = '''\
def collatz_steps(n: int) -> list[tuple[int, int]]:
    """The number and its steps to 1: even numbers are halved, others become 3 n + 1."""
    start, steps = n, 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return [(start, steps)]'''

_FIBONACCI_SUM = '''\
def fibonacci_sum(first: int, last: int) -> int:
    """The sum of {kind}F(first) to F(last), with F(0) = 0 and F(1) = 1."""
    total, a, b = 0, 0, 1
    for n in range(last + 1):
        if n >= first{test}:
            total += a
        a, b = b, a + b
    return total'''


def _whole(node: p.Compute) -> Holds:
    return Holds.WHOLE if fits_long(node) else Holds.TEXT


def _args(node: p.Compute) -> tuple[Text, ...]:
    return tuple(Text(repr(a)) for a in node.args)


def _one(function: str, name: str, column: str) -> "Make":
    """A function of the task's whole numbers that gives one value."""

    def make(node: p.Compute) -> Plain:
        holds = _whole(node)
        return Plain(
            function,
            name,
            _args(node),
            ((column, holds),),
            as_text=holds is Holds.TEXT,
            unlimited=long_digits(node),
        )

    return make


Make = Callable[[p.Compute], Plain]


def _list(function: str, name: str, column: str) -> Make:
    def make(node: p.Compute) -> Plain:
        holds = _whole(node)
        numbers = listed([repr(n) for n in reals(node, 0)])
        return Plain(function, name, (numbers,), ((column, holds),), as_text=holds is Holds.TEXT)

    return make


def _rows(function: str, name: str, *columns: str) -> Make:
    def make(node: p.Compute) -> Plain:
        return Plain(function, name, _args(node), tuple((c, Holds.WHOLE) for c in columns), True)

    return make


def _digit_sum(node: p.Compute) -> Plain:
    many = long_digits(node)
    if node.task is p.Task.FACTORIAL_DIGIT_SUM:
        number = f"math.factorial({whole(node, 0)})"
    else:
        number = "**".join(str(a) for a in node.args)
    function = _MANY_DIGITS if many else _DIGITS
    return Plain(function, "digit_sum", (Text(number),), (("sum", Holds.WHOLE),))


def _fibonacci_sum(node: p.Compute) -> Plain:
    first, last, which = node.args
    kind, test = {
        "even": ("the even ones of ", " and a % 2 == 0"),
        "odd": ("the odd ones of ", " and a % 2 == 1"),
    }.get(str(which), ("", ""))
    holds = _whole(node)
    return Plain(
        _FIBONACCI_SUM.format(kind=kind, test=test),
        "fibonacci_sum",
        (Text(repr(first)), Text(repr(last))),
        (("sum", holds),),
        as_text=holds is Holds.TEXT,
        unlimited=long_digits(node),
    )


PLAIN: Mapping[p.Task, Make] = {
    p.Task.GCD: _list(_GCD, "greatest_common_divisor", "gcd"),
    p.Task.LCM: _list(_LCM, "least_common_multiple", "lcm"),
    p.Task.POWER: _one(_POWER, "power", "power"),
    p.Task.DIGIT_SUM: _digit_sum,
    p.Task.FACTORIAL_DIGIT_SUM: _digit_sum,
    p.Task.COMBINATIONS: _one(_COMBINATIONS, "combinations", "count"),
    p.Task.PERMUTATIONS: _one(_PERMUTATIONS, "permutations", "count"),
    p.Task.PRIME_FACTORS: _rows(_FACTORS, "prime_factors", "factor", "exponent"),
    p.Task.COLLATZ: _rows(_COLLATZ_STEPS, "collatz_steps", "n", "steps"),
    p.Task.COLLATZ_SEQUENCE: _rows(_COLLATZ, "collatz", "step", "value"),
    p.Task.FIBONACCI_SUM: _fibonacci_sum,
    **WORDS,
}
"""How each of these computations is written."""
