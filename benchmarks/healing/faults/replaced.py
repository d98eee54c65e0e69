"""Files that are replaced after their schema was read: what was known of them is out of date."""

from dataclasses import replace
from random import Random

from arclight.contracts.names import Framework
from benchmarks.healing.fault import Change, Fault
from benchmarks.healing.questions import Question
from benchmarks.healing.world import ROWS, SAMPLE, World


def _renamed(world: World, question: Question, draw: Random) -> World | None:
    name = draw.choice(question.numbers)
    header = tuple(f"{n}_sold" if n == name else n for n in world.sales.header)
    return World(replace(world.sales, header=header), world.products)


def _moved(world: World, question: Question, draw: Random) -> World | None:
    sales = world.sales
    order = [*range(1, len(sales.header)), 0]
    header = tuple(sales.header[i] for i in order)
    cells = tuple(tuple(row[i] for i in order) for row in sales.cells)
    return World(replace(sales, header=header, cells=cells), world.products)


def _longer(world: World, question: Question, draw: Random) -> World | None:
    sales = world.sales
    cells = tuple((str(n), *row) for n, row in enumerate(sales.cells))
    return World(replace(sales, header=("batch", *sales.header), cells=cells), world.products)


def _broken_lines(world: World, question: Question, draw: Random) -> World | None:
    if "select region" not in question.sql:
        return None
    sales = world.sales
    for row in draw.sample(range(SAMPLE + 100, ROWS), 3):
        sales = sales.with_cell(row, "region", "North\nshore", "North\nshore")
    return World(sales, world.products)


def _case_alone(world: World, question: Question, draw: Random) -> World | None:
    if not question.joined:
        return None
    header = ("PRODUCT_ID", *world.products.header[1:])
    return World(world.sales, replace(world.products, header=header))


def _later(kind: str, name: str, framework: Framework, change: Change) -> Fault:
    return Fault(kind, name, framework, later=change)


_BOTH = (Framework.SPARK, Framework.RAY)

FAULTS = (
    *(_later("misnamed column", "renamed in the file", f, _renamed) for f in _BOTH),
    *(_later("replaced file", "line breaks in cells", f, _broken_lines) for f in _BOTH),
    # Arrow finds columns by their names and tells case apart, Spark does neither.
    _later("replaced file", "columns in another order", Framework.SPARK, _moved),
    _later("replaced file", "one column more", Framework.SPARK, _longer),
    Fault("ambiguous column", "names that differ by case alone", Framework.SPARK, data=_case_alone),
)
