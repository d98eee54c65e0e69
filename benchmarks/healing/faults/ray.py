"""Faults of Ray programs, as hasty people and models write them."""

import re
from random import Random

from arclight.contracts.limits import RunLimits
from arclight.contracts.names import Framework
from benchmarks.healing.fault import Edit, Fault, elsewhere, swap, swapped
from benchmarks.healing.faults.spark import ANY, SHORT
from benchmarks.healing.questions import Question

_JOINED = """\
        coalesce_keys=False,
    )
"""


def _in_task(*lines: str) -> Edit:
    """Statements at the beginning of the function that summarises a block."""
    added = "".join(f"    {line}\n" for line in lines)

    def edit(text: str, question: Question, draw: Random) -> str | None:
        place = re.search(r"^def summarise_(\w+)\(\w+: pa\.Table\) -> pa\.Table:\n", text, re.M)
        if place is None:
            return None
        body = added.replace("ROWS", place[1])
        return text[: place.end()] + body + text[place.end() :]

    return edit


def _in_main(*lines: str) -> Edit:
    added = "".join(f"    {line}\n" for line in lines)
    return swapped(("    ray.init()\n", f"    ray.init()\n{added}"))


def _misspelt(text: str, question: Question, draw: Random) -> str | None:
    name = draw.choice(question.numbers)
    return swap(text, (f'value(pc.field("{name}")', f'value(pc.field("{name[:-2]}{name[-1]}")'))


def _not_in_file(text: str, question: Question, draw: Random) -> str | None:
    name = draw.choice(question.numbers)
    return swap(text, (f'"{name}"', f'"{name}_sold"'))


def _ungrouped(text: str, question: Question, draw: Random) -> str | None:
    found = re.search(r"\.group_by\(\[[^]]+\]\)", text)
    return swap(text, (found[0], ".group_by([])")) if found else None


def _fault(kind: str, name: str, edit: Edit, limits: RunLimits = ANY) -> Fault:
    return Fault(kind, name, Framework.RAY, program=edit, limits=limits)


FAULTS = (
    _fault("misnamed column", "misspelt", _misspelt),
    _fault("misnamed column", "of no file", _not_in_file),
    _fault(
        "ambiguous column",
        "both keys under one name",
        swapped(
            ('"products_product_id": pa.int64()', '"product_id": pa.int64()'),
            ('"products_product_id": value(', '"product_id": value('),
            ('"sales_product_id": value(', '"product_id": value('),
            ('keys="sales_product_id"', 'keys="product_id"'),
            ('right_keys="products_product_id"', 'right_keys="product_id"'),
            (_JOINED, f'{_JOINED}    joined = joined.filter(pc.field("product_id") > 0)\n'),
        ),
    ),
    _fault("missing group by", "no keys", _ungrouped),
    _fault(
        "division by zero",
        "in a block",
        _in_task(
            'ROWS = ROWS.append_column("share", pc.divide(100, pa.array([0] * ROWS.num_rows)))'
        ),
    ),
    _fault(
        "division by zero", "in Python", _in_task("share = 100 / (ROWS.num_rows - ROWS.num_rows)")
    ),
    _fault("wrong path", "another folder", elsewhere),
    _fault("wrong path", "misspelt file", swapped(("sales.csv", "sale.csv"))),
    _fault("unknown name", "forgotten import", swapped(("import pyarrow.compute as pc\n", ""))),
    _fault("unknown name", "misspelt variable", swapped(("totals.select(", "total.select("))),
    _fault(
        "and/or on columns",
        "and",
        _in_task('ROWS = ROWS.filter((pc.field("region") != "") and (pc.field("day") != ""))'),
    ),
    _fault("wrong method", "of a table", swapped((".group_by(", ".groupby("))),
    _fault("wrong method", "of a dataset", swapped((".repartition(", ".repartitions("))),
    _fault(
        "memory or time",
        "out of memory",
        _in_main("numbers = list(range(10**12))", "print(len(numbers))"),
    ),
    _fault(
        "memory or time", "takes too long", _in_main("for _ in range(10**11):", "    pass"), SHORT
    ),
    _fault("Ray task raises", "a missing key", _in_task('first = ROWS["first"]', "print(first)")),
    _fault(
        "Ray task raises", "a wrong type", _in_task('size = ROWS.num_rows + "rows"', "print(size)")
    ),
    _fault("Ray task raises", "on purpose", _in_task('raise ValueError("unexpected rows")')),
    _fault("Ray task raises", "an index", _in_task("print(ROWS.column_names[99])")),
    _fault(
        "answer not written",
        "not at all",
        swapped(
            (
                "    write(totals, ANSWER_COLUMNS, Path(args.output))\n",
                "    print(totals.take(5))\n",
            )
        ),
    ),
    _fault(
        "answer not written",
        "elsewhere",
        swapped(("Path(args.output))\n\n", 'Path("answer"))\n\n')),
    ),
    _fault(
        "rejected",
        "starts a process",
        swapped(("import argparse\n", "import argparse\nimport subprocess\n")),
    ),
    _fault(
        "rejected",
        "fetches a package",
        swapped(("ray.init()", 'ray.init(runtime_env={"pip": ["rich"]})')),
    ),
)
