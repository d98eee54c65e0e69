"""COL: names of columns, tables and views, held against the catalog."""

from collections.abc import Callable, Iterator
from weakref import WeakKeyDictionary

from arclight.contracts.names import Severity
from services.validator.analysis.facts import Facts
from services.validator.columns.candidates import SCORE_MEANT, meant, ranked
from services.validator.columns.machine import Machine
from services.validator.columns.mend import fix_of
from services.validator.columns.miss import Miss, Problem
from services.validator.columns.tables import Tables
from services.validator.context import Context
from services.validator.rules.rule import Hit, Rule

_SHOWN = 8
"""Names of columns that a message lists."""

_FOUND: WeakKeyDictionary[Facts, tuple[Context, tuple[Miss, ...]]] = WeakKeyDictionary()
"""One run of the machine serves all rules."""


def misses(facts: Facts, context: Context) -> tuple[Miss, ...]:
    """Everything that the run of the program with schemas in place of rows has found."""
    before = _FOUND.get(facts)
    if before is not None and before[0] is context:
        return before[1]
    found = Machine(facts, Tables(context.tables, context.sources)).misses()
    _FOUND[facts] = (context, found)
    return found


def _of(problem: Problem, say: Callable[[Miss], str]) -> Callable[[Facts, Context], Iterator[Hit]]:
    def check(facts: Facts, context: Context) -> Iterator[Hit]:
        for miss in misses(facts, context):
            if miss.problem is problem and not _is_foreign(miss):
                yield _hit(miss, say(miss))

    return check


def _is_foreign(miss: Miss) -> bool:
    """True for a table whose name resembles none there is: PRV002 says that it is undeclared."""
    return miss.problem is Problem.TABLE and not any(
        score >= SCORE_MEANT for _, score in ranked(miss.ref.name, miss.choices)
    )


def _hit(miss: Miss, message: str) -> Hit:
    scored = ranked(miss.ref.name, miss.choices)
    if miss.problem is Problem.AMBIGUOUS:
        scored = [(c, 100.0) for c in miss.choices]
    best = meant(scored)
    severity = None if miss.sure else Severity.WARNING
    return Hit(
        at=miss.ref.at,
        message=miss.message or message,
        hint=_hint(miss, [c for c, _ in scored]),
        severity=severity,
        candidates=tuple(c for c, _ in scored),
        fix=fix_of(miss.ref, best) if best is not None else None,
    )


def _hint(miss: Miss, names: list[str]) -> str:
    said = [miss.hint] if miss.hint else []
    if miss.problem in (Problem.COLUMN, Problem.TABLE) and names:
        said.append(f"Perhaps {_either(names[:3])} is meant.")
    return " ".join(said)


def _either(names: list[str]) -> str:
    shown = [repr(n) for n in names]
    return " or ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]


def _no_column(miss: Miss) -> str:
    names = miss.schema.names if miss.schema is not None else ()
    shown = ", ".join(repr(n) for n in names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
    return f"There is no column {miss.ref.name!r} at this step, only {shown or 'none'}."


def _no_table(miss: Miss) -> str:
    return f"There is no table or view {miss.ref.name!r}."


def _ambiguous(miss: Miss) -> str:
    return f"More than one column of the joined frames is called {miss.ref.name!r}."


_IMPORTS = "from pyspark.sql import SparkSession, functions as F\n"
_FRAME = (
    f"{_IMPORTS}spark = SparkSession.builder.getOrCreate()\n"
    'birds = spark.createDataFrame([("Small", 3.5)], ["size", "cost"])\n'
)
_VIEW = f'{_FRAME}birds.createOrReplaceTempView("birds")\n'
_JOINED = f'{_FRAME}names = spark.createDataFrame([("Small", "S")], ["size", "letter"])\n'

RULES: tuple[Rule[Facts], ...] = (
    Rule(
        code=Problem.COLUMN,
        title="Columns that are there",
        severity=Severity.ERROR,
        why="An unknown column stops the run, often after minutes of reading.",
        bad=f'{_FRAME}birds.groupBy("siez").agg(F.sum("cost").alias("total"))\n',
        good=f'{_FRAME}birds.groupBy("size").agg(F.sum("cost").alias("total"))\n',
        hint="Use a column of the frame as it is at this step: a select, an aggregation or a rename"
        " before it decides which there are.",
        check=_of(Problem.COLUMN, _no_column),
    ),
    Rule(
        code=Problem.TABLE,
        title="Tables and views by their names",
        severity=Severity.ERROR,
        why="SQL over a table or view whose name is miswritten stops the run.",
        bad=f'{_VIEW}spark.sql("SELECT size FROM bird")\n',
        good=f'{_VIEW}spark.sql("SELECT size FROM birds")\n',
        hint="Use a declared table, or register the view before the statement.",
        check=_of(Problem.TABLE, _no_table),
    ),
    Rule(
        code=Problem.AMBIGUOUS,
        title="One column of a name after a join",
        severity=Severity.ERROR,
        why="After a join on a condition both sides keep their columns, and a name that both have"
        " means neither.",
        bad=f'{_JOINED}birds.join(names, birds["size"] == names["size"]).select("size")\n',
        good=f'{_JOINED}birds.join(names, "size").select("size")\n',
        hint="Join on the name itself, rename one of the columns before, or give the frames"
        " aliases.",
        check=_of(Problem.AMBIGUOUS, _ambiguous),
    ),
    Rule(
        code=Problem.KIND,
        title="Measures of numbers over numbers",
        severity=Severity.WARNING,
        why="A sum or mean of texts, dates or truth values stops the run or means nothing.",
        bad=f'{_FRAME}day = birds.withColumn("day", F.lit("2024-01-31").cast("date"))\n'
        'day.agg(F.avg("day"))\n',
        good=f'{_FRAME}birds.agg(F.avg("cost"))\n',
        hint="Choose a column of numbers, or cast it first and say what becomes of other cells.",
        check=_of(Problem.KIND, lambda miss: miss.message),
    ),
)
