"""Faults of the data that lie beyond the rows that the schema was read from.

The planner's own program fails on them, and goes on failing until its plan is changed.
"""

from collections.abc import Sequence
from random import Random

from arclight.contracts.names import Framework
from benchmarks.healing.fault import Change, Fault
from benchmarks.healing.faults.spark import FAULTS as SPARK
from benchmarks.healing.questions import Question
from benchmarks.healing.world import ROWS, SAMPLE, Cell, World

Odd = tuple[str, Cell]
"""What stands in a cell, and what it is worth: None where nobody can know."""

NUMBERS: tuple[tuple[Odd, ...], ...] = (
    (("n/a", None),),
    (("1,234", "1234"),),
    (("12 pieces", None), ("n/a", None)),
    (("$7", "7"), ("-", None)),
    (("n/a", None), ("2.5", "2.5")),
)
DATES: tuple[tuple[Odd, ...], ...] = (
    (("2024/03/05", "2024-03-05"),),
    (("05 Mar 2024", "2024-03-05"), ("unknown", None)),
    (("Mar 5, 2024", "2024-03-05"),),
    (("31/12/2023", "2023-12-31"), ("30/11/2023", "2023-11-30")),
    (("31.12.2023", "2023-12-31"),),
    (("20231231", "2023-12-31"), ("n/a", None)),
    (("5-Mar-2024", "2024-03-05"), ("2024-03-05T10:30:00", "2024-03-05")),
)
HUGE = 2**63 - 1


def _odd(column: str | None, cells: Sequence[Odd]) -> Change:
    """Odd cells in rows of their own; `column` None: in a number that the question asks for."""

    def change(world: World, question: Question, draw: Random) -> World | None:
        name = column or (draw.choice(question.numbers) if question.numbers else "")
        if not name or (name == "day" and not question.dated):
            return None
        sales = world.sales
        rows = draw.sample(range(SAMPLE + 100, ROWS), len(cells))
        for row, (cell, worth) in zip(rows, cells, strict=True):
            # A region that every filter keeps: an engine may never look at cells of other rows.
            sales = sales.with_cell(row, "region", "North", "North")
            sales = sales.with_cell(row, name, cell, worth)
        return World(sales, world.products)

    return change


def _huge(world: World, question: Question, draw: Random) -> World | None:
    if "sum(quantity)" not in question.sql or question.joined:
        return None
    sales = world.sales
    for row, region in zip(
        draw.sample(range(SAMPLE + 100, ROWS), 2), ("North", "North"), strict=True
    ):
        sales = sales.with_cell(row, "quantity", str(HUGE), str(HUGE))
        sales = sales.with_cell(row, "region", region, region)
        sales = sales.with_cell(row, "day", "2023-05-05", "2023-05-05")
    return World(sales, world.products)


def _faults(framework: Framework) -> list[Fault]:
    texts = [
        Fault("text in a number", " ".join(c for c, _ in cells), framework, data=_odd(None, cells))
        for cells in NUMBERS
    ]
    days = [
        Fault("odd date", " ".join(c for c, _ in cells), framework, data=_odd("day", cells))
        for cells in DATES
    ]
    return [*texts, *days]


def _number_and_date(world: World, question: Question, draw: Random) -> World | None:
    changed = _odd("day", DATES[0])(world, question, draw)
    return changed and _odd(None, NUMBERS[2])(changed, question, Random(draw.random()))


def _doubles(framework: Framework) -> tuple[Fault, ...]:
    """One fault hides the other."""
    odd = Fault("two faults", "an odd number and an odd date", framework, data=_number_and_date)
    return (_double(framework), odd)


def _double(framework: Framework) -> Fault:
    """A fault of the program that hides one of the data."""
    rename = next(f for f in SPARK if f.name == "misspelt variable").program
    data = _odd(None, (("n/a", None),))
    return Fault("two faults", "unknown name, then n/a", framework, program=rename, data=data)


FAULTS = (
    *_faults(Framework.SPARK),
    *_faults(Framework.RAY),
    Fault("number too large", "a sum", Framework.SPARK, data=_huge),
    *_doubles(Framework.SPARK),
    *_doubles(Framework.RAY),
)
