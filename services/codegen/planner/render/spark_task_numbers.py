"""Ranges, multiples, divisors and perfect numbers in PySpark."""

from services.codegen.planner import plan as p
from services.codegen.planner.render.layout import call, statement
from services.codegen.planner.render.task_frame import Code, lines
from services.codegen.planner.render.task_size import (
    fits_long,
    indexes,
    long_digits,
    range_code,
    reals,
    too_many_to_add,
    whole,
)
from services.codegen.planner.render.text import quote

_FIBONACCI = '''\
def fibonacci(n: int) -> int:
    """F(n) with F(0) = 0 and F(1) = 1."""
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a'''

_LONGEST = '''\
def longest_chain(starts: range) -> tuple[int, int]:
    """Start and steps of the longest chain to 1; of equally long ones the smallest start."""
    best, longest = 0, -1
    for start in starts:
        n, steps = start, 0
        while n != 1:
            n = n // 2 if n % 2 == 0 else 3 * n + 1
            steps += 1
        if steps > longest:
            best, longest = start, steps
    return best, longest'''


def _unlimited(node: p.Compute) -> list[str]:
    return ["sys.set_int_max_str_digits(0)"] if long_digits(node) else []


def range_sum(node: p.Compute) -> Code:
    """A sum; as a decimal where it may leave 64 bits."""
    numbers = f"range({range_code(node)})"
    if too_many_to_add(node):
        value, kind = ("total", "BIGINT") if fits_long(node) else ("str(total)", "STRING")
        return [], lines(
            "# Too many numbers to add one by one: Gauss's formula gives their sum.",
            f"numbers = {numbers}",
            "total = (numbers[0] + numbers[-1]) * len(numbers) // 2",
            f'result = spark.createDataFrame([({value},)], "sum {kind}")',
        )
    if fits_long(node):
        total = 'F.coalesce(F.sum("id"), F.lit(0))'
        return [], lines(
            f"numbers = spark.{numbers}", f'result = numbers.agg({total}.alias("sum"))'
        )
    total = 'F.sum(F.col("id").cast("decimal(38,0)")).cast("string")'
    return [], lines(
        "# The sum may leave 64 bits, so it is kept as a decimal and written as text.",
        f"numbers = spark.{numbers}",
        f'result = numbers.agg({total}.alias("sum"))',
    )


def range_mean(node: p.Compute) -> Code:
    """The mean of a range."""
    return [], lines(
        f"numbers = spark.range({range_code(node)})",
        'result = numbers.agg(F.avg("id").alias("mean"))',
    )


def range_product(node: p.Compute) -> Code:
    """A product: Spark's own is a fraction, so plain Python multiplies."""
    fits = fits_long(node)
    value, kind = ("value", "BIGINT") if fits else ("str(value)", "STRING")
    return [], lines(
        *_unlimited(node),
        "# Spark multiplies in floating point: only Python keeps every digit.",
        f"value = math.prod(range({range_code(node)}))",
        f'result = spark.createDataFrame([({value},)], "product {kind}")',
    )


def numbers(node: p.Compute) -> Code:
    """The numbers of a range."""
    return [], lines(
        f'numbers = spark.range({range_code(node)}).withColumnRenamed("id", "number")',
        'result = numbers.orderBy("number")',
    )


def fibonacci(node: p.Compute) -> Code:
    """Fibonacci numbers by their index."""
    first, last = indexes(node)
    span = f"{first}, {last + 1}" if first else str(last + 1)
    fits = fits_long(node)
    value, kind = ("fibonacci(n)", "BIGINT") if fits else ("str(fibonacci(n))", "STRING")
    return [_FIBONACCI.splitlines()], lines(
        *_unlimited(node),
        "# Each number needs the two before it: there is nothing to distribute.",
        f"rows = [(n, {value}) for n in range({span})]",
        f'result = spark.createDataFrame(rows, "n BIGINT, fibonacci {kind}").orderBy("n")',
    )


def factorial(node: p.Compute) -> Code:
    """One factorial or those of a range."""
    if len(node.args) > 1:
        return _factorials(node)
    n = whole(node, 0)
    if fits_long(node):
        number = f'F.lit({n}).cast("bigint").alias("n")'
        columns = (number, f'F.factorial(F.lit({n})).alias("factorial")')
        return [], statement("result = ", call("spark.range(1).select", *columns))
    return [], lines(
        *_unlimited(node),
        "# No type of Spark holds this number, so it is written as text.",
        f"rows = [({n}, str(math.factorial({n})))]",
        'result = spark.createDataFrame(rows, "n BIGINT, factorial STRING")',
    )


def _factorials(node: p.Compute) -> Code:
    first, last = indexes(node)
    if fits_long(node):
        return [], lines(
            f'numbers = spark.range({first}, {last + 1}).withColumnRenamed("id", "n")',
            'factorial = F.factorial(F.col("n").cast("int")).alias("factorial")',
            'result = numbers.select("n", factorial).orderBy("n")',
        )
    return [], lines(
        *_unlimited(node),
        "# No type of Spark holds the largest number, so all are written as text.",
        f"rows = [(n, str(math.factorial(n))) for n in range({first}, {last + 1})]",
        'result = spark.createDataFrame(rows, "n BIGINT, factorial STRING").orderBy("n")',
    )


def multiples(node: p.Compute) -> Code:
    """Numbers that one of the divisors divides: listed, added or counted."""
    test = " or ".join(f"id % {int(d)} = 0" for d in reals(node, 2))
    answer = {
        p.Task.MULTIPLES: 'found.withColumnRenamed("id", "number").orderBy("number")',
        p.Task.MULTIPLES_SUM: 'found.agg(F.coalesce(F.sum("id"), F.lit(0)).alias("sum"))',
        p.Task.MULTIPLES_COUNT: 'found.agg(F.count(F.lit(1)).alias("count"))',
    }[node.task]
    return [], lines(
        f"numbers = spark.range({whole(node, 0)}, {whole(node, 1) + 1})",
        f"found = numbers.filter({quote(test)})",
        f"result = {answer}",
    )


def divisors(node: p.Compute) -> Code:
    """Divisors of one number: listed, counted or added."""
    answer = {
        p.Task.DIVISORS: 'divisors.orderBy("divisor")',
        p.Task.COUNT_DIVISORS: 'divisors.agg(F.count(F.lit(1)).alias("count"))',
        p.Task.SUM_DIVISORS: 'divisors.agg(F.sum("divisor").alias("sum"))',
    }[node.task]
    return [], lines(
        f"n = {whole(node, 0)}",
        'small = spark.range(1, math.isqrt(n) + 1).filter(F.lit(n) % F.col("id") == 0)',
        "# Each divisor up to the root has a partner above it.",
        'pair = F.array(F.col("id"), (F.lit(n) / F.col("id")).cast("bigint"))',
        'divisors = small.select(F.explode(pair).alias("divisor")).distinct()',
        f"result = {answer}",
    )


def perfect_numbers(node: p.Compute) -> Code:
    """Perfect numbers below a limit."""
    last = max(whole(node, 0) - 1, 1)
    return [], lines(
        f"# Every divisor up to the root of a number up to {last}, with its partner above it.",
        f"divisors = spark.range(2, math.isqrt({last}) + 1)",
        f'multiples = F.sequence(F.col("id") * F.col("id"), F.lit({last}), F.col("id"))',
        'pairs = divisors.select("id", F.explode(multiples).alias("number"))',
        'both = F.expr("if(number = id * id, id, id + number div id)")',
        'sums = pairs.groupBy("number").agg((F.sum(both) + 1).alias("total"))',
        'result = sums.filter("number = total").select("number").orderBy("number")',
    )


def longest_collatz(node: p.Compute) -> Code:
    """The start below a limit with the longest chain."""
    return [_LONGEST.splitlines()], lines(
        "# Nobody knows beforehand where a chain ends: SQL cannot walk it, plain Python does.",
        f"rows = [longest_chain(range(1, {whole(node, 0)}))]",
        'result = spark.createDataFrame(rows, "n BIGINT, steps BIGINT")',
    )
