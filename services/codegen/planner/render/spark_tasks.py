"""Numeric tasks in PySpark."""

from services.codegen.planner import plan as p
from services.codegen.planner.render.layout import call, statement
from services.codegen.planner.render.task_size import (
    CHUNKS,
    MAX_STR_DIGITS,
    digits,
    fits_long,
    indexes,
    prime_limit,
    range_of,
    seed_of,
    too_many_to_add,
)

Code = tuple[list[list[str]], list[str]]
"""Functions of the module, statements of main(); the answer is in `result`."""


def task(node: p.Compute) -> Code:
    """The code of a numeric task."""
    match node.task:
        case p.Task.FIRST_PRIMES:
            count = node.args[0]
            return [], _lines(
                _primes(prime_limit(count)), f'result = primes.orderBy("prime").limit({count})'
            )
        case p.Task.PRIMES_BELOW:
            return [], _lines(_primes(max(node.args[0], 2)), 'result = primes.orderBy("prime")')
        case p.Task.RANGE_SUM:
            return [], _range_sum(node)
        case p.Task.MONTE_CARLO_PI:
            return [], _pi(node.args[0], seed_of(node.args))
        case p.Task.FIBONACCI:
            return [_FIBONACCI.splitlines()], _fibonacci(node)
        case p.Task.FACTORIAL:
            return [], _factorial(node)


def _lines(*code: str) -> list[str]:
    return ["    " + line if line else "" for part in code for line in part.splitlines()]


def _primes(limit: int) -> str:
    return f"""\
# Sieve: a number below {limit} that no smaller factor divides is prime.
numbers = spark.range(2, {limit}).withColumnRenamed("id", "prime")
factors = spark.range(2, math.isqrt({limit}) + 1)
multiples = F.sequence(F.col("id") * F.col("id"), F.lit({limit}), F.col("id"))
composites = factors.select(F.explode(multiples).alias("prime"))
primes = numbers.join(composites, "prime", "left_anti")"""


def _range_sum(node: p.Compute) -> list[str]:
    first, last, step = range_of(node.args)
    numbers = f"range({first}, {last + (1 if step > 0 else -1)}, {step})"
    if too_many_to_add(node.args):
        value, kind = ("total", "BIGINT") if fits_long(node) else ("str(total)", "STRING")
        return _lines(
            "# Too many numbers to add one by one: Gauss's formula gives their sum.",
            f"numbers = {numbers}",
            "total = (numbers[0] + numbers[-1]) * len(numbers) // 2",
            f'result = spark.createDataFrame([({value},)], "sum {kind}")',
        )
    if fits_long(node):
        total = 'F.coalesce(F.sum("id"), F.lit(0))'
        return _lines(f"numbers = spark.{numbers}", f'result = numbers.agg({total}.alias("sum"))')
    total = 'F.sum(F.col("id").cast("decimal(38,0)")).cast("string")'
    return _lines(
        "# The sum may leave 64 bits, so it is kept as a decimal and written as text.",
        f"numbers = spark.{numbers}",
        f'result = numbers.agg({total}.alias("sum"))',
    )


def _pi(samples: int, seed: int) -> list[str]:
    points = f"spark.range(0, {samples}, 1, {CHUNKS}).select"
    x, y = f'F.rand({seed}).alias("x")', f'F.rand({seed + 1}).alias("y")'
    return statement("points = ", call(points, x, y)) + _lines(
        'inside = (F.col("x") * F.col("x") + F.col("y") * F.col("y") <= 1).cast("double")',
        'result = points.agg(F.count(F.lit(1)).alias("samples"), (4 * F.avg(inside)).alias("pi"))',
    )


_FIBONACCI = '''\
def fibonacci(n: int) -> int:
    """F(n) with F(0) = 0 and F(1) = 1."""
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a'''


def _unlimited(node: p.Compute) -> list[str]:
    return ["sys.set_int_max_str_digits(0)"] if digits(node) >= MAX_STR_DIGITS else []


def _fibonacci(node: p.Compute) -> list[str]:
    first, last = indexes(node.args)
    span = f"{first}, {last + 1}" if first else str(last + 1)
    value, kind = ("fibonacci(n)", "BIGINT") if fits_long(node) else ("str(fibonacci(n))", "STRING")
    return _lines(
        *_unlimited(node),
        "# Each number needs the two before it: there is nothing to distribute.",
        f"rows = [(n, {value}) for n in range({span})]",
        f'result = spark.createDataFrame(rows, "n BIGINT, fibonacci {kind}").orderBy("n")',
    )


def _factorial(node: p.Compute) -> list[str]:
    n = node.args[0]
    if fits_long(node):
        columns = f'F.lit({n}).alias("n"), F.factorial(F.lit({n})).alias("factorial")'
        return _lines(f"result = spark.range(1).select({columns})")
    return _lines(
        *_unlimited(node),
        "# No type of Spark holds this number, so it is written as text.",
        f"rows = [({n}, str(math.factorial({n})))]",
        'result = spark.createDataFrame(rows, "n BIGINT, factorial STRING")',
    )
