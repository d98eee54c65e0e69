"""Prime numbers in PySpark: a sieve as an anti join."""

from services.codegen.planner import plan as p
from services.codegen.planner.render.task_frame import Code, lines
from services.codegen.planner.render.task_size import prime_limit, whole

_GAP = 1000


def primes(node: p.Compute) -> Code:
    """Lists of primes and what is read off them."""
    if node.task is p.Task.IS_PRIME:
        return [], _is_prime(whole(node, 0))
    low, high = _range(node)
    return [], lines(_sieve(low, high), *_answer(node))


def _range(node: p.Compute) -> tuple[int, int]:
    """From where and up to which number, left out, the sieve goes."""
    number = whole(node, 0)
    match node.task:
        case p.Task.FIRST_PRIMES | p.Task.NTH_PRIME | p.Task.SUM_FIRST_PRIMES:
            return 2, prime_limit(number)
        case p.Task.PRIMES_BELOW:
            return 2, max(number, 2)
        case p.Task.LARGEST_PRIME:
            return max(2, number - _GAP), number
        case p.Task.NEXT_PRIME:
            return max(2, number + 1), number + 1 + _GAP
        case _:
            return max(number, 2), max(whole(node, 1) + 1, 2)


def _sieve(low: int, high: int) -> str:
    if low == 2:
        return f"""\
# Sieve: a number below {high} that no smaller factor divides is prime.
numbers = spark.range(2, {high}).withColumnRenamed("id", "prime")
factors = spark.range(2, math.isqrt({high}) + 1)
multiples = F.sequence(F.col("id") * F.col("id"), F.lit({high}), F.col("id"))
composites = factors.select(F.explode(multiples).alias("prime"))
primes = numbers.join(composites, "prime", "left_anti")"""
    return f"""\
# Sieve: a number from {low} to {high - 1} that no smaller factor divides is prime.
numbers = spark.range({low}, {high}).withColumnRenamed("id", "prime")
factors = spark.range(2, math.isqrt({high}) + 1)
start = F.expr("greatest(id * id, ({low} + id - 1) div id * id)")
multiples = F.sequence(start, F.lit({high}), F.col("id"))
composites = factors.filter(start <= {high}).select(F.explode(multiples).alias("prime"))
primes = numbers.join(composites, "prime", "left_anti")"""


def _answer(node: p.Compute) -> tuple[str, ...]:
    number = whole(node, 0)
    total = 'F.coalesce(F.sum("prime"), F.lit(0)).alias("sum")'
    match node.task:
        case p.Task.FIRST_PRIMES:
            return (f'result = primes.orderBy("prime").limit({number})',)
        case p.Task.NTH_PRIME:
            return (
                f'first = primes.orderBy("prime").limit({number})',
                f'columns = F.lit({number}).cast("bigint").alias("n"), '
                'F.max("prime").alias("prime")',
                "result = first.agg(*columns)",
            )
        case p.Task.SUM_FIRST_PRIMES:
            return (
                f'first = primes.orderBy("prime").limit({number})',
                f"result = first.agg({total})",
            )
        case p.Task.COUNT_PRIMES:
            return ('result = primes.agg(F.count(F.lit(1)).alias("count"))',)
        case p.Task.SUM_PRIMES:
            return (f"result = primes.agg({total})",)
        case p.Task.LARGEST_PRIME:
            return ('result = primes.agg(F.max("prime").alias("prime"))',)
        case p.Task.NEXT_PRIME:
            return ('result = primes.agg(F.min("prime").alias("prime"))',)
        case p.Task.TWIN_PRIMES:
            return (
                'second = F.col("prime").alias("second")',
                'larger = primes.select((F.col("prime") - 2).alias("first"), second)',
                'smaller = primes.withColumnRenamed("prime", "first")',
                'result = smaller.join(larger, "first").orderBy("first")',
            )
        case _:
            return ('result = primes.orderBy("prime")',)


def _is_prime(n: int) -> list[str]:
    return lines(
        f"n = {n}",
        "candidates = spark.range(2, math.isqrt(n) + 1)",
        'divisors = F.count(F.when(F.lit(n) % F.col("id") == 0, 1))',
        "prime = (divisors == 0) & F.lit(n > 1)",
        'number = F.lit(n).cast("bigint").alias("n")',
        'result = candidates.agg(number, prime.alias("is prime"))',
    )
