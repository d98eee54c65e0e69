"""Computations in PySpark."""

from collections.abc import Callable, Mapping

from services.codegen.planner import plan as p
from services.codegen.planner.render import spark_task_formula as formulas
from services.codegen.planner.render import spark_task_numbers as numbers
from services.codegen.planner.render.layout import Doc, Text, call, statement
from services.codegen.planner.render.spark_task_primes import primes
from services.codegen.planner.render.task_frame import Code, Plain, lines, literals, schema
from services.codegen.planner.render.task_plain import PLAIN
from services.codegen.planner.render.task_size import items, text

_MAPS = {
    "reverse": 'F.reverse("word")',
    "upper": 'F.upper("word")',
    "lower": 'F.lower("word")',
    "length": 'F.length("word").cast("bigint")',
}


def task(node: p.Compute) -> Code:
    """The code of a computation."""
    if node.task in PLAIN:
        return _plain(PLAIN[node.task](node))
    return _WRITTEN[node.task](node)


def _plain(made: Plain) -> Code:
    body = lines(*(["sys.set_int_max_str_digits(0)"] if made.unlimited else []))
    value: Doc = call(made.name, *made.arguments)
    if made.many and len(made.columns) > 1:
        body += statement("rows = ", value)
    elif made.many:
        body += statement("values = ", value) + lines("rows = [(value,) for value in values]")
    else:
        shown = call("str", value) if made.as_text else value
        body += statement("value = ", shown) + lines("rows = [(value,)]")
    frame = call("spark.createDataFrame", Text("rows"), schema(made.columns))
    return made.code(remote=False), body + _in_order(frame)


def _in_order(frame: Doc) -> list[str]:
    """`result`: one partition keeps the rows as they are listed."""
    return statement("result = ", frame) + lines("result = result.coalesce(1)")


def _map_words(node: p.Compute) -> Code:
    words = statement("words = ", literals(items(node, 1)))
    return [], words + lines(
        'given = spark.createDataFrame([(word,) for word in words], "word STRING").coalesce(1)',
        f'result = given.select("word", {_MAPS[text(node, 0)]}.alias("result"))',
    )


_PRIMES = (
    *(p.Task.FIRST_PRIMES, p.Task.PRIMES_BELOW, p.Task.PRIMES_BETWEEN, p.Task.NTH_PRIME),
    *(p.Task.COUNT_PRIMES, p.Task.SUM_PRIMES, p.Task.SUM_FIRST_PRIMES, p.Task.TWIN_PRIMES),
    *(p.Task.LARGEST_PRIME, p.Task.NEXT_PRIME, p.Task.IS_PRIME),
)
_WRITTEN: Mapping[p.Task, Callable[[p.Compute], Code]] = {
    **dict.fromkeys(_PRIMES, primes),
    p.Task.RANGE_SUM: numbers.range_sum,
    p.Task.RANGE_MEAN: numbers.range_mean,
    p.Task.RANGE_PRODUCT: numbers.range_product,
    p.Task.NUMBERS: numbers.numbers,
    p.Task.MULTIPLES: numbers.multiples,
    p.Task.MULTIPLES_SUM: numbers.multiples,
    p.Task.MULTIPLES_COUNT: numbers.multiples,
    p.Task.FIBONACCI: numbers.fibonacci,
    p.Task.FACTORIAL: numbers.factorial,
    p.Task.DIVISORS: numbers.divisors,
    p.Task.COUNT_DIVISORS: numbers.divisors,
    p.Task.SUM_DIVISORS: numbers.divisors,
    p.Task.PERFECT_NUMBERS: numbers.perfect_numbers,
    p.Task.LONGEST_COLLATZ: numbers.longest_collatz,
    p.Task.FORMULA_SUM: formulas.formula,
    p.Task.FORMULA_RANGE: formulas.formula,
    p.Task.FORMULA_LIST: formulas.formula,
    p.Task.FORMULA_GRID: formulas.formula,
    p.Task.MONTE_CARLO_PI: formulas.pi,
    p.Task.MONTE_CARLO_INTEGRAL: formulas.integral,
    p.Task.DICE_COUNTS: formulas.dice,
    p.Task.DICE_MEAN: formulas.dice,
    p.Task.DICE_CHANCE: formulas.dice,
    p.Task.COIN_FLIPS: formulas.coin,
    p.Task.MAP_WORDS: _map_words,
    p.Task.SQUARE_PRODUCT: formulas.square_product,
}
