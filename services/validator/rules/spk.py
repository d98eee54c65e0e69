"""SPK: PySpark."""

import ast
import re
from collections.abc import Iterator

from arclight.contracts.names import Severity
from services.validator.analysis.facts import Facts
from services.validator.analysis.places import covers
from services.validator.analysis.reads import By
from services.validator.analysis.words import words
from services.validator.context import Context
from services.validator.rules.cross_join import cross_joins
from services.validator.rules.rule import Hit, Rule
from services.validator.rules.udf import built_in_for

_IMPORT = "from pyspark.sql import SparkSession, functions as F\n"
_SESSION = f"{_IMPORT}spark = SparkSession.builder.appName('a').getOrCreate()\n"
_READ = f"{_SESSION}df = spark.read.csv('s3://data/birds.csv', header=True)\n"

_SMALL = words(
    "reduceByKey countByKey foldByKey aggregateByKey "
    "limit head take first tail agg groupBy groupby groupingSets rollup cube count describe "
    "summary sum avg mean min max pivot distinct dropDuplicates approxQuantile crosstab "
    "freqItems sample sampleBy schema columns dtypes"
)
"""Methods after which a frame is as small as its groups, or was asked to be."""
_SMALL_SQL = re.compile(
    r"\b(limit\s+\d|group\s+by|count\s*\(|sum\s*\(|avg\s*\(|max\s*\(|min\s*\()", re.I
)


def _session(facts: Facts, context: Context) -> Iterator[Hit]:
    attributes = {a.attr for a in facts.program.attributes}
    contexts = ("pyspark.SparkContext", "pyspark.context.SparkContext")
    if attributes & {"getOrCreate", "create", "getActiveSession"}:
        return
    if any(facts.names.callee(c) in contexts for c in facts.program.calls):
        return
    yield Hit(None, "The program never creates a SparkSession.")


def _driver_reads(facts: Facts, context: Context) -> Iterator[Hit]:
    files = [s.uri for s in context.sources if s.uri]
    for read in facts.reads.found:
        if read.by is By.DRIVER and any(covers(f, t) for f in files for t in read.targets):
            yield Hit(read.call, "A source is read by plain Python instead of Spark.")


def _master(facts: Facts, context: Context) -> Iterator[Hit]:
    for call in facts.program.calls:
        where = _fixed_master(facts, call)
        if where is None:
            continue
        yield Hit(
            call,
            f"The program fixes where Spark runs ({where or 'computed'}).",
            severity=Severity.WARNING if where.startswith("local") else Severity.ERROR,
        )


def _fixed_master(facts: Facts, call: ast.Call) -> str | None:
    """What .master(…), .remote(…) or their settings say; empty when it is computed."""
    match call.func:
        case ast.Attribute(attr="master" | "setMaster") if call.args:
            return facts.fold.one(call.args[0]) or ""
        case ast.Attribute(attr="remote") if call.args and _is_remote(facts, call):
            return facts.fold.one(call.args[0]) or ""
        case ast.Attribute(attr="config" | "set") if len(call.args) == 2:
            if facts.fold.one(call.args[0]) in ("spark.master", "spark.remote"):
                return facts.fold.one(call.args[1]) or ""
    return None


def _is_remote(facts: Facts, call: ast.Call) -> bool:
    assert isinstance(call.func, ast.Attribute)
    return call.func.attr == "remote" and "builder" in facts.names.steps(call.func.value)


def _unbounded(facts: Facts, frame: ast.expr) -> bool:
    """True when `frame` is a whole source, row by row; False when it is small or not known."""
    for part in facts.names.chain(frame):
        match part:
            case ast.Call(func=ast.Attribute(attr=attr)) if attr in _SMALL:
                return False
            case ast.Call(func=ast.Attribute(attr="sql"), args=[text, *_]):
                return not any(_SMALL_SQL.search(t) for t in facts.fold.strings(text))
            case ast.Call() if part in facts.reads.by_call:
                return True
    return False


def _collects(facts: Facts, context: Context) -> Iterator[Hit]:
    for call in facts.program.calls:
        match call.func:
            case ast.Attribute(value=frame, attr="collect" | "toPandas" as attr):
                if not call.args and _unbounded(facts, frame):
                    yield Hit(call, f".{attr}() brings every row of a source to the driver.")


def _cross_join(facts: Facts, context: Context) -> Iterator[Hit]:
    for call in cross_joins(facts):
        yield Hit(call, ".crossJoin() pairs every row with every row.")


def _udf(facts: Facts, context: Context) -> Iterator[Hit]:
    for node, built_in in built_in_for(facts):
        yield Hit(
            node,
            "A Python UDF does what a built-in function does, row by row and much slower.",
            f"Use {built_in} instead.",
        )


def _one_partition(facts: Facts, context: Context) -> Iterator[Hit]:
    for call in facts.program.calls:
        match call:
            case ast.Call(
                func=ast.Attribute(value=frame, attr="repartition" | "coalesce" as attr),
                args=[ast.Constant(value=1)],
            ) if _unbounded(facts, frame):
                yield Hit(call, f".{attr}(1) sends every row of a source through one task.")


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
        bad=f"{_IMPORT}df = spark.read.csv('s3://data/birds.csv')\n",
        good=_READ,
        hint='Begin with spark = SparkSession.builder.appName("…").getOrCreate().',
        check=_session,
    ),
    Rule(
        code="SPK002",
        title="Sources are read by Spark",
        severity=Severity.WARNING,
        why="pandas and open() read the whole file into the driver's memory.",
        bad=f"{_SESSION}import pandas as pd\np = pd.read_csv('s3://data/birds.csv')\n",
        good=_READ,
        hint="Read it with spark.read and the source's URI.",
        check=_driver_reads,
    ),
    Rule(
        code="SPK003",
        title="The master is not the program's business",
        severity=Severity.ERROR,
        why="The platform chooses where Spark runs; a fixed master ignores it or fails.",
        bad=f"{_IMPORT}spark = SparkSession.builder.master('yarn').getOrCreate()\n",
        good=_SESSION,
        hint="Leave .master(…), .remote(…) and spark.master out.",
        check=_master,
    ),
    Rule(
        code="SPK004",
        title="No whole source on the driver",
        severity=Severity.WARNING,
        why="The driver's memory is the limit, and it is reached without warning.",
        bad=f"{_READ}rows = df.collect()\n",
        good=f"{_READ}rows = df.limit(100).collect()\n",
        hint="Aggregate or .limit(…) first, or write the frame with .write.",
        check=_collects,
    ),
    Rule(
        code="SPK005",
        title="No cross join by accident",
        severity=Severity.WARNING,
        why="The result has the product of both row counts.",
        bad=f"{_READ}both = df.crossJoin(df)\n",
        good=f"{_READ}both = df.join(df, 'id')\n",
        hint="Join on a key, unless every pair or a total beside each row is asked for.",
        check=_cross_join,
    ),
    Rule(
        code="SPK006",
        title="Built-in functions before Python UDFs",
        severity=Severity.WARNING,
        why="A UDF sends each row to a Python process and back, and hides from the optimizer.",
        bad=f"{_READ}up = F.udf(lambda s: s.upper())\n",
        good=f"{_READ}up = F.upper('name')\n",
        hint="Use the function of pyspark.sql.functions.",
        check=_udf,
    ),
    Rule(
        code="SPK007",
        title="No whole source in one partition",
        severity=Severity.WARNING,
        why="One task does all the work while the others wait.",
        bad=f"{_READ}df.coalesce(1).write.parquet('o')\n",
        good=f"{_READ}df.groupBy('a').count().coalesce(1).write.parquet('o')\n",
        hint="Leave it out: all part files are read together.",
        check=_one_partition,
    ),
    Rule(
        code="SPK008",
        title="Columns combine with & | ~",
        severity=Severity.ERROR,
        why="Python's and, or, not ask a column for its truth, which raises an error.",
        bad=f"{_READ}df.filter((F.col('a') > 1) and (F.col('b') > 1))\n",
        good=f"{_READ}df.filter((F.col('a') > 1) & (F.col('b') > 1))\n",
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
