"""SPK004 to SPK007, SPK015: what works and is slow; each says the better form."""

import ast
import re
from collections.abc import Iterator

from arclight.contracts.names import Severity
from services.validator.analysis.facts import Facts
from services.validator.analysis.sql import code_of
from services.validator.analysis.words import words
from services.validator.context import Context
from services.validator.rules.cross_join import cross_joins
from services.validator.rules.examples import READ
from services.validator.rules.rule import Hit, Rule
from services.validator.rules.udf import built_in_for

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
    for call in facts.called("collect", "toPandas"):
        assert isinstance(call.func, ast.Attribute)
        if not call.args and _unbounded(facts, call.func.value):
            yield Hit(call, f".{call.func.attr}() brings every row of a source to the driver.")


def _cross_join(facts: Facts, context: Context) -> Iterator[Hit]:
    for call in cross_joins(facts):
        yield Hit(call, ".crossJoin() pairs every row with every row.")
    for call in facts.called("join"):
        if len(call.args) == 1 and not call.keywords and _is_frame(facts, call.args[0]):
            yield Hit(call, ".join() without a condition pairs every row with every row.")
    for call, texts in facts.reads.sql:
        if any(_CROSS.search(code_of(t)) for t in texts):
            yield Hit(call, "CROSS JOIN pairs every row with every row.")


def _udf(facts: Facts, context: Context) -> Iterator[Hit]:
    for node, built_in in built_in_for(facts):
        yield Hit(
            node,
            "A Python UDF does what a built-in function does, row by row and much slower.",
            f"Use {built_in} instead.",
        )


def _one_partition(facts: Facts, context: Context) -> Iterator[Hit]:
    for call in facts.called("repartition", "coalesce"):
        assert isinstance(call.func, ast.Attribute)
        named = next((k.value for k in call.keywords if k.arg == "numPartitions"), None)
        given = call.args if call.args or named is None else [named]
        if [facts.fold.one(g) for g in given] == ["1"] and _unbounded(facts, call.func.value):
            attr = call.func.attr
            yield Hit(call, f".{attr}(1) sends every row of a source through one task.")


def _is_frame(facts: Facts, node: ast.expr) -> bool:
    """True for a value that certainly is a Spark frame."""
    return any(_is_source(facts, part) for part in facts.names.chain(node))


def _is_source(facts: Facts, node: ast.expr) -> bool:
    if not isinstance(node, ast.Call):
        return False
    by_sql = isinstance(node.func, ast.Attribute) and node.func.attr == "sql"
    return by_sql or node in facts.reads.by_call


def _counts(facts: Facts, context: Context) -> Iterator[Hit]:
    seen: set[ast.Call] = set()
    for call in facts.called("count"):
        if not _looks_at_count(facts, call):
            continue
        source = next(p for p in facts.names.chain(call) if _is_source(facts, p))
        assert isinstance(source, ast.Call)
        if source in seen:
            yield Hit(call, "One more .count() only to look at a number: each runs the whole plan.")
        seen.add(source)


def _looks_at_count(facts: Facts, call: ast.Call) -> bool:
    """True for an action whose number is printed, logged or dropped."""
    assert isinstance(call.func, ast.Attribute)
    frame = call.func.value
    if call.args or call.keywords or not _is_frame(facts, frame):
        return False
    steps = list(facts.names.steps(frame))
    if (steps and steps[0] in _GROUPS) or _KEPT.intersection(steps):
        return False
    statement = next(a for a in facts.program.above(call) if isinstance(a, ast.stmt))
    return isinstance(statement, ast.Expr | ast.Assert)


_GROUPS = words("groupBy groupby rollup cube pivot groupingSets")
_KEPT = words("cache persist localCheckpoint checkpoint toPandas to_pandas")
_CROSS = re.compile(
    r"\bcross\s+join\b(?!\s*\(\s*select\s+(count|sum|avg|min|max)\b)", re.IGNORECASE
)


RULES: tuple[Rule[Facts], ...] = (
    Rule(
        code="SPK004",
        title="No whole source on the driver",
        severity=Severity.WARNING,
        why="The driver's memory is the limit, and it is reached without warning.",
        bad=f"{READ}rows = df.collect()\n",
        good=f"{READ}rows = df.limit(100).collect()\n",
        hint="Aggregate or .limit(…) first, or write the frame with .write.",
        check=_collects,
    ),
    Rule(
        code="SPK005",
        title="No cross join by accident",
        severity=Severity.WARNING,
        why="The result has the product of both row counts.",
        bad=f"{READ}both = df.crossJoin(df)\n",
        good=f"{READ}both = df.join(df, 'id')\n",
        hint="Join on a key, unless every pair or a total beside each row is asked for.",
        check=_cross_join,
    ),
    Rule(
        code="SPK006",
        title="Built-in functions before Python UDFs",
        severity=Severity.WARNING,
        why="A UDF sends each row to a Python process and back, and hides from the optimizer.",
        bad=f"{READ}up = F.udf(lambda s: s.upper())\n",
        good=f"{READ}up = F.upper('name')\n",
        hint="Use the function of pyspark.sql.functions.",
        check=_udf,
    ),
    Rule(
        code="SPK007",
        title="No whole source in one partition",
        severity=Severity.WARNING,
        why="One task does all the work while the others wait.",
        bad=f"{READ}df.coalesce(1).write.parquet('o')\n",
        good=f"{READ}df.groupBy('a').count().coalesce(1).write.parquet('o')\n",
        hint="Leave it out: all part files are read together.",
        check=_one_partition,
    ),
    Rule(
        code="SPK015",
        title="No count before every action",
        severity=Severity.WARNING,
        why="A count is an action: it reads and computes everything up to there, every time.",
        bad=f"{READ}print(df.count())\nkept = df.filter('a > 1')\nprint(kept.count())\n",
        good=f"{READ}kept = df.filter('a > 1').cache()\nprint(kept.count())\n",
        hint="Leave the counts out, or .cache() the frame that is counted and used again.",
        check=_counts,
    ),
)
