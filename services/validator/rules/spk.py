"""SPK: PySpark."""

import ast
from collections.abc import Iterator

from arclight.contracts.names import Severity
from services.validator.analysis.facts import Facts
from services.validator.analysis.places import covers
from services.validator.analysis.reads import By
from services.validator.context import Context
from services.validator.rules.examples import IMPORT, READ, SESSION
from services.validator.rules.rule import Hit, Rule


def _session(facts: Facts, context: Context) -> Iterator[Hit]:
    attributes = {a.attr for a in facts.program.attributes}
    if attributes & {"getOrCreate", "create", "getActiveSession"}:
        return
    if any(facts.names.callee(c) in _CONTEXTS for c in facts.program.calls):
        return
    yield Hit(None, "The program never creates a SparkSession.")


def _driver_reads(facts: Facts, context: Context) -> Iterator[Hit]:
    files = [s.uri for s in context.sources if s.uri]
    for read in facts.reads.found:
        if read.by is By.DRIVER and any(covers(f, t) for f in files for t in read.targets):
            yield Hit(read.call, "A source is read by plain Python instead of Spark.")


def _master(facts: Facts, context: Context) -> Iterator[Hit]:
    for at, where in _fixed_masters(facts):
        yield Hit(
            at,
            f"The program fixes where Spark runs ({where or 'computed'}).",
            severity=Severity.WARNING if where.startswith("local") else Severity.ERROR,
        )


def _fixed_masters(facts: Facts) -> Iterator[tuple[ast.AST, str]]:
    """Each .master(…), .remote(…), SparkContext("…") or setting of them, and what it says."""
    for call in facts.called("master", "remote"):
        assert isinstance(call.func, ast.Attribute)
        of_builder = "builder" in facts.names.steps(call.func.value)
        if call.args and (call.func.attr == "master" or of_builder):
            yield call, facts.fold.one(call.args[0]) or ""
    for setting in facts.settings:
        if setting.key in ("spark.master", "spark.remote"):
            yield setting.at, setting.text
    for call, callee in facts.callees:
        if callee in _CONTEXTS:
            named = next((k.value for k in call.keywords if k.arg == "master"), None)
            master = call.args[0] if call.args else named
            if master is not None and not isinstance(master, ast.Call):
                yield call, facts.fold.one(master) or ""


_CONTEXTS = frozenset({"pyspark.SparkContext", "pyspark.context.SparkContext"})


def _column_truth(facts: Facts, context: Context) -> Iterator[Hit]:
    for node in facts.program.boolean:
        if isinstance(node, ast.BoolOp):
            word = "and" if isinstance(node.op, ast.And) else "or"
            operands = node.values
        elif isinstance(node.op, ast.Not):
            word, operands = "not", [node.operand]
        else:
            continue
        if any(_is_column(facts, o) for o in operands):
            sign = {"and": "&", "or": "|", "not": "~"}[word]
            yield Hit(
                node,
                f"`{word}` cannot combine Spark columns.",
                f"Use {sign} and put each condition into parentheses.",
            )


def _is_column(facts: Facts, node: ast.expr) -> bool:
    """True for F.col(…), a comparison of it, and methods of it."""
    if isinstance(node, ast.Compare):
        return any(_is_column(facts, n) for n in [node.left, *node.comparators])
    if isinstance(node, ast.Call):
        if facts.names.callee(node) in _COLUMNS:
            return True
        return isinstance(node.func, ast.Attribute) and _is_column(facts, node.func.value)
    return False


_COLUMNS = frozenset({"pyspark.sql.functions.col", "pyspark.sql.functions.column"})


def _star_import(facts: Facts, context: Context) -> Iterator[Hit]:
    for found in facts.program.imports:
        if found.dotted == "pyspark.sql.functions.*":
            yield Hit(found.node, "The star import replaces Python's sum, max, min, round and abs.")


RULES: tuple[Rule[Facts], ...] = (
    Rule(
        code="SPK001",
        title="The program makes its session",
        severity=Severity.ERROR,
        why="The program is a plain script: nobody hands it a `spark`.",
        bad=f"{IMPORT}df = spark.read.csv('s3://data/birds.csv')\n",
        good=READ,
        hint='Begin with spark = SparkSession.builder.appName("…").getOrCreate().',
        check=_session,
    ),
    Rule(
        code="SPK002",
        title="Sources are read by Spark",
        severity=Severity.WARNING,
        why="pandas and open() read the whole file into the driver's memory.",
        bad=f"{SESSION}import pandas as pd\np = pd.read_csv('s3://data/birds.csv')\n",
        good=READ,
        hint="Read it with spark.read and the source's URI.",
        check=_driver_reads,
    ),
    Rule(
        code="SPK003",
        title="The master is not the program's business",
        severity=Severity.ERROR,
        why="The platform chooses where Spark runs; a fixed master ignores it or fails.",
        bad=f"{IMPORT}spark = SparkSession.builder.master('yarn').getOrCreate()\n",
        good=SESSION,
        hint="Leave .master(…), .remote(…) and spark.master out.",
        check=_master,
    ),
    Rule(
        code="SPK008",
        title="Columns combine with & | ~",
        severity=Severity.ERROR,
        why="Python's and, or, not ask a column for its truth, which raises an error.",
        bad=f"{READ}df.filter((F.col('a') > 1) and (F.col('b') > 1))\n",
        good=f"{READ}df.filter((F.col('a') > 1) & (F.col('b') > 1))\n",
        hint="Use & | ~ with parentheses.",
        check=_column_truth,
    ),
    Rule(
        code="SPK009",
        title="No star import of functions",
        severity=Severity.WARNING,
        why="sum([1, 2]) then fails with an error that nobody understands.",
        bad="from pyspark.sql.functions import *\n",
        good="from pyspark.sql import functions as F\n",
        hint="Write: from pyspark.sql import functions as F.",
        check=_star_import,
    ),
)
