"""One formula over many numbers, estimates with random numbers, and matrices, in PySpark."""

from services.codegen.planner import plan as p
from services.codegen.planner.expression import Language, bits, code
from services.codegen.planner.expression import whole as is_whole
from services.codegen.planner.render.layout import call, statement
from services.codegen.planner.render.ray_task_formula import kind_of, list_kind
from services.codegen.planner.render.task_frame import Code, Holds, lines, literals, schema
from services.codegen.planner.render.task_size import (
    CHUNKS,
    numbers_of,
    range_code,
    range_of,
    real,
    reals,
    seed_of,
    text,
    whole,
)
from services.codegen.planner.render.text import implicit, quote

_INLINE = 40
"""Characters of SQL that stand within a statement; longer ones are a constant."""
_CONSTANT = "FORMULA"
_EXACT = 52
"""Bits that a power keeps, which Spark computes in floating point."""


def formula(node: p.Compute) -> Code:
    """A formula over a range, a list or a grid of numbers, or its sum."""
    match node.task:
        case p.Task.FORMULA_SUM:
            body = _sum(node)
        case p.Task.FORMULA_GRID:
            body = _grid(node)
        case p.Task.FORMULA_LIST:
            body = _list(node)
        case _:
            body = _range(node)
    return _constants(node, body), body


def _sql(node: p.Compute, held: Holds) -> str:
    """The formula as a column."""
    sql = _written(node, held)
    column = f"F.expr({quote(sql) if len(sql) <= _INLINE else _CONSTANT})"
    return f'{column}.cast("double")' if held is Holds.REAL else column


def _written(node: p.Compute, held: Holds) -> str:
    return code(text(node, 0), Language.SQL if held is Holds.REAL else Language.WHOLE_SQL)


def _constants(node: p.Compute, body: list[str]) -> list[list[str]]:
    """The formula as a constant of the module, where `body` uses it."""
    if not any(f"F.expr({_CONSTANT})" in line for line in body):
        return []
    held = Holds.REAL if any('.cast("double")' in line for line in body) else Holds.WHOLE
    words = _written(node, held).split(" ")
    return [implicit(_CONSTANT, [f"{w} " for w in words[:-1]] + words[-1:])]


def _exact(node: p.Compute) -> bool:
    """False for whole values that Spark's own types or powers do not keep."""
    first, last, _ = range_of(node, 1)
    size = bits(text(node, 0), {"x": (float(first), float(last))})
    return size < (_EXACT if "power(" in code(text(node, 0), Language.SQL) else 63)


_BY_PYTHON = "# The values leave the numbers that Spark keeps exactly: Python computes them."


def _range(node: p.Compute) -> list[str]:
    whole_numbers, fits = kind_of(node)
    if whole_numbers and not (fits and _exact(node)):
        kind, value = ("BIGINT", "{}") if fits else ("STRING", "str({})")
        shown = value.format(code(text(node, 0), Language.PYTHON))
        return lines(
            _BY_PYTHON,
            f"rows = [(x, {shown}) for x in range({range_code(node, 1)})]",
            f'result = spark.createDataFrame(rows, "x BIGINT, value {kind}").orderBy("x")',
        )
    held = Holds.WHOLE if whole_numbers else Holds.REAL
    value = f'{_sql(node, held)}.alias("value")'
    numbers = f'numbers = spark.range({range_code(node, 1)}).withColumnRenamed("id", "x")'
    return lines(numbers, f"value = {value}", 'result = numbers.select("x", value).orderBy("x")')


def _list(node: p.Compute) -> list[str]:
    of, held = list_kind(node)
    if held is Holds.REAL:
        names = schema([("position", Holds.WHOLE), ("x", of)])
        return [
            *statement("numbers = ", literals(reals(node, 1))),
            *lines(f"given = spark.createDataFrame(list(enumerate(numbers)), {names})"),
            *lines(f'value = {_sql(node, held)}.alias("value")'),
            *lines('result = given.orderBy("position").select("x", value)'),
        ]
    shown = code(text(node, 0), Language.PYTHON)
    shown = f"str({shown})" if held is Holds.TEXT else shown
    return [
        *statement("numbers = ", literals(reals(node, 1))),
        *lines("# Whole numbers of a list: Python keeps every digit."),
        *lines(f"rows = [(x, {shown}) for x in numbers]"),
        *lines(
            f"result = spark.createDataFrame(rows, {schema([('x', of), ('value', held)])})"
            ".coalesce(1)"
        ),
    ]


def _grid(node: p.Compute) -> list[str]:
    x1, x2, y1, y2 = (whole(node, i) for i in range(1, 5))
    whole_numbers = is_whole(text(node, 0), {"x": (x1, x2), "y": (y1, y2)})
    value = _sql(node, Holds.WHOLE if whole_numbers else Holds.REAL)
    return lines(
        f'xs = spark.range({x1}, {x2 + 1}).withColumnRenamed("id", "x")',
        f'ys = spark.range({y1}, {y2 + 1}).withColumnRenamed("id", "y")',
        f'value = {value}.alias("value")',
        'result = xs.crossJoin(ys).select("x", "y", value).orderBy("x", "y")',
    )


def _sum(node: p.Compute) -> list[str]:
    whole_numbers, fits = kind_of(node, len(numbers_of(node, 1)))
    if whole_numbers and not _exact(node):
        python = code(text(node, 0), Language.PYTHON)
        return lines(
            _BY_PYTHON,
            f"total = sum({python} for x in range({range_code(node, 1)}))",
            'result = spark.createDataFrame([(str(total),)], "sum STRING")',
        )
    value = _sql(node, Holds.WHOLE if whole_numbers else Holds.REAL)
    if not whole_numbers:
        # Parts are added in the order in which they arrive: the last digits would differ.
        total = "F.round(F.sum(value), 12)"
    elif fits:
        total = "F.sum(value)"
    else:
        total = 'F.sum(value.cast("decimal(38,0)")).cast("string")'
    return lines(
        f'numbers = spark.range({range_code(node, 1)}).withColumnRenamed("id", "x")',
        f"value = {value}",
        f'result = numbers.agg({total}.alias("sum"))',
    )


# --- chance ------------------------------------------------------------------------------------


def _samples(samples: int) -> str:
    return f"spark.range(0, {samples}, 1, {CHUNKS})"


def pi(node: p.Compute) -> Code:
    """Pi, from points in a square."""
    samples, seed = whole(node, 0), seed_of(node)
    x, y = f'F.rand({seed}).alias("x")', f'F.rand({seed + 1}).alias("y")'
    points = statement("points = ", call(f"{_samples(samples)}.select", x, y))
    return [], points + lines(
        'inside = (F.col("x") * F.col("x") + F.col("y") * F.col("y") <= 1).cast("double")',
        'result = points.agg(F.count(F.lit(1)).alias("samples"), (4 * F.avg(inside)).alias("pi"))',
    )


def integral(node: p.Compute) -> Code:
    """An integral: the mean of the formula at random points, times the width."""
    low, high = real(node, 1), real(node, 2)
    body = lines(
        f"low, high = {low}, {high}",
        f"x = low + (high - low) * F.rand({whole(node, 4)})",
        f'points = {_samples(whole(node, 3))}.select(x.alias("x"))',
        f"value = {_sql(node, Holds.REAL)}",
        'samples = F.count(F.lit(1)).alias("samples")',
        'integral = F.round((high - low) * F.avg(value), 12).alias("integral")',
        "result = points.agg(samples, integral)",
    )
    return _constants(node, body), body


def dice(node: p.Compute) -> Code:
    """Totals of dice: how often each, their mean, or how likely some are."""
    count, sides = whole(node, 0), whole(node, 1)
    seed, samples = whole(node, len(node.args) - 1), whole(node, len(node.args) - 2)
    start = (
        f"dice = [F.floor({sides} * F.rand({seed} + i)) + 1 for i in range({count})]",
        f'thrown = {_samples(samples)}.select(sum(dice).alias("total"))',
    )
    counted = 'samples = F.count(F.lit(1)).alias("samples")'
    match node.task:
        case p.Task.DICE_COUNTS:
            return [], lines(*start, 'result = thrown.groupBy("total").count().orderBy("total")')
        case p.Task.DICE_MEAN:
            shown = 'F.avg("total").alias("mean")'
            return [], lines(*start, counted, f"result = thrown.agg(samples, {shown})")
        case _:
            low, high = whole(node, 2), whole(node, 3)
            hit = f'hit = F.col("total").between({low}, {high}).cast("double")'
            shown = 'F.avg(hit).alias("probability")'
            return [], lines(*start, hit, counted, f"result = thrown.agg(samples, {shown})")


def coin(node: p.Compute) -> Code:
    """How many flips of a coin show heads."""
    return [], lines(
        f'head = (F.rand({whole(node, 1)}) < 0.5).alias("head")',
        f"flips = {_samples(whole(node, 0))}.select(head)",
        'samples = F.count(F.lit(1)).alias("samples")',
        'heads = F.count_if(F.col("head")).alias("heads")',
        'share = F.avg(F.col("head").cast("double")).alias("share")',
        "result = flips.agg(samples, heads, share)",
    )


# --- matrices ----------------------------------------------------------------------------------


def square_product(node: p.Compute) -> Code:
    """The product of two defined matrices, cell by cell."""
    n = whole(node, 0)
    cell = f"aggregate(sequence(0, {n - 1}), 0L, (total, k) -> total + (i + k) * (k - j))"
    return [], lines(
        f'rows = spark.range({n}).withColumnRenamed("id", "i")',
        f'columns = spark.range({n}).withColumnRenamed("id", "j")',
        f"value = F.expr({quote(cell)})",
        "product = rows.crossJoin(columns).select(",
        '    F.col("i").alias("row"), F.col("j").alias("column"), value.alias("value")',
        ")",
        'result = product.orderBy("row", "column")',
    )
