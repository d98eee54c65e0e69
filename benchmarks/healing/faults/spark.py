"""Faults of PySpark programs, as hasty people and models write them."""

import re
from datetime import timedelta
from random import Random

from arclight.contracts.limits import RunLimits
from arclight.contracts.names import Framework
from benchmarks.healing.fault import Edit, Fault, elsewhere, swap, swapped
from benchmarks.healing.questions import Question

ANY = RunLimits()
"""The installation's own."""
SHORT = RunLimits(wall=timedelta(seconds=45))
"""Long enough for a right program on a busy machine with a cold engine."""


def _before_select(*lines: str) -> Edit:
    """Statements between reading the sales and using them."""
    added = "".join(f"    {line}\n" for line in lines)

    def edit(text: str, question: Question, draw: Random) -> str | None:
        place = re.search(r"^    sales = sales\.select\(", text, re.M)
        return text[: place.start()] + added + text[place.start() :] if place else None

    return edit


def _misspelt(text: str, question: Question, draw: Random) -> str | None:
    name = draw.choice(question.numbers)
    return swap(text, (f'F.col("{name}").cast(', f'F.col("{name[:-2]}{name[-1]}").cast('))


def _aggregate(text: str, name: str) -> str | None:
    found = re.search(rf'F\.(sum|avg|max)\("{name}"\)', text)
    return swap(text, (found[0], f'F.{found[1]}("{name}_amount")')) if found else None


def _ungrouped(text: str, question: Question, draw: Random) -> str | None:
    found = re.search(r'\.groupBy\("(\w+)"\)\.agg\(', text)
    return swap(text, (found[0], f'.agg(F.col("{found[1]}"), ')) if found else None


def _ungrouped_sql(text: str, question: Question, draw: Random) -> str | None:
    found = re.search(
        r'totals = (\w+)\.groupBy\("(\w+)"\)\.agg\(F\.(\w+)\("(\w+)"\)\.alias\("(\w+)"\)\)', text
    )
    if found is None:
        return None
    rows, key, function, column, name = found.groups()
    query = f"select {key}, {function}({column}) as {name} from rows"
    lines = f'{rows}.createOrReplaceTempView("rows")\n    totals = spark.sql("{query}")'
    return swap(text, (found[0], lines))


def _forgotten_import(text: str, question: Question, draw: Random) -> str | None:
    return swap(text, ("from pyspark.sql import functions as F\n", ""))


def _misspelt_path(text: str, question: Question, draw: Random) -> str | None:
    return swap(text, ("sales.csv", "sale.csv"))


def _fault(kind: str, name: str, edit: Edit, limits: RunLimits = ANY) -> Fault:
    return Fault(kind, name, Framework.SPARK, program=edit, limits=limits)


FAULTS = (
    _fault("misnamed column", "misspelt", _misspelt),
    _fault("misnamed column", "of no file", lambda t, q, d: _aggregate(t, d.choice(q.numbers))),
    _fault(
        "ambiguous column",
        "both keys under one name",
        swapped(
            ('.alias("products_product_id")', ""),
            ('.alias("sales_product_id")', ""),
            (
                'F.col("products_product_id") == F.col("sales_product_id")',
                'F.col("product_id") == F.col("product_id")',
            ),
        ),
    ),
    _fault("missing group by", "beside an aggregate", _ungrouped),
    _fault("missing group by", "in SQL", _ungrouped_sql),
    _fault(
        "division by zero",
        "a filter over a quotient",
        _before_select('sales = sales.filter(F.lit(100) / F.col("quantity").cast("bigint") >= 0)'),
    ),
    _fault("wrong path", "another folder", elsewhere),
    _fault("wrong path", "misspelt file", _misspelt_path),
    _fault("wrong table", "no such table", _before_select('sales = spark.table("sale")')),
    _fault(
        "wrong table",
        "no such view",
        _before_select(
            'sales.createOrReplaceTempView("sales")',
            'sales = spark.sql("select * from sales_2023")',
        ),
    ),
    _fault("unknown name", "forgotten import", _forgotten_import),
    _fault("unknown name", "misspelt variable", swapped(("totals.select(", "total.select("))),
    _fault(
        "and/or on columns",
        "and",
        _before_select('sales = sales.filter((F.col("region") != "") and (F.col("day") != ""))'),
    ),
    _fault(
        "and/or on columns",
        "not",
        _before_select('sales = sales.filter(not F.col("region").isNull())'),
    ),
    _fault("wrong method", "of a frame", swapped((".orderBy(", ".order_by("))),
    _fault("wrong method", "of functions", swapped(("F.asc_nulls_last(", "F.ascending("))),
    _fault(
        "memory or time",
        "out of memory",
        _before_select("numbers = list(range(10**12))", "print(len(numbers))"),
    ),
    _fault(
        "memory or time",
        "takes too long",
        _before_select("for _ in range(10**11):", "    pass"),
        SHORT,
    ),
    _fault(
        "answer not written",
        "not at all",
        swapped(
            ('    result.write.mode("overwrite").parquet(args.output)\n', "    result.show()\n")
        ),
    ),
    _fault("answer not written", "elsewhere", swapped(("(args.output)", '("answer")'))),
    _fault(
        "rejected",
        "starts a process",
        swapped(("import argparse\n", "import argparse\nimport subprocess\n")),
    ),
    _fault("rejected", "evaluates text", _before_select('print(eval("1 + 1"))')),
    _fault(
        "rejected",
        "invents rows",
        swapped(
            (
                "    result.write.",
                '    result = spark.createDataFrame([("a", 1)], ["k", "n"])\n    result.write.',
            )
        ),
    ),
)
