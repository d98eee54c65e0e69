"""Files that are replaced after their schema was read: what was known of them is out of date."""

from dataclasses import replace
from random import Random

from arclight.contracts.names import Framework
from benchmarks.healing.fault import Change, Fault
from benchmarks.healing.questions import Question
from benchmarks.healing.world import ROWS, SAMPLE, World


def _renamed(*names: str) -> Change:
    """A number of the question under another name; `names`: what it may be called now."""

    def change(world: World, question: Question, draw: Random) -> World | None:
        old = draw.choice(question.numbers)
        new = draw.choice(names).replace("OLD", old)
        header = tuple(new if name == old else name for name in world.sales.header)
        return World(replace(world.sales, header=header), world.products)

    return change


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


def _later(kind: str, name: str, framework: Framework, change: Change) -> Fault:
    return Fault(kind, name, framework, later=change)


_BOTH = (Framework.SPARK, Framework.RAY)

FAULTS = (
    *(_later("misnamed column", "renamed", f, _renamed("OLD_sold", "OLD in all")) for f in _BOTH),
    *(_later("misnamed column", "another word", f, _renamed("units", "figure")) for f in _BOTH),
    # Arrow finds columns by their names, and records wherever their quotes end; Spark does neither.
    _later("replaced file", "line breaks in cells", Framework.SPARK, _broken_lines),
    _later("replaced file", "columns in another order", Framework.SPARK, _moved),
    _later("replaced file", "one column more", Framework.SPARK, _longer),
)
