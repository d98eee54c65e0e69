"""PRV: the answer comes from the declared sources, from nothing else, and can be followed."""

import ast
import re
from collections.abc import Iterator

from arclight.contracts.names import Severity
from services.validator.analysis.facts import Facts
from services.validator.analysis.flow import RANDOM, READ, ROWS, UNKNOWN
from services.validator.analysis.fold import HOLE, known
from services.validator.analysis.places import covers
from services.validator.analysis.words import words
from services.validator.context import Context, Declared
from services.validator.rules.rule import Hit, Rule

_CHANCE = re.compile(
    r"random|sampl|simulat|shuffl|bootstrap|monte|noise|synthetic|permut|uuid|split|jitter"
    r"|anonymi|k-?means|cluster",
    re.IGNORECASE,
)
"""Words with which a person asks for chance."""


def sources_read(facts: Facts, context: Context) -> tuple[str, ...]:
    """Names of the declared sources that the program reads."""
    return tuple(s.name for s in context.sources if _is_read(facts, s))


def _matches(source: Declared, target: str, *, tables: bool) -> bool:
    if tables:
        last = source.name.rpartition(".")[2]
        return not source.uri and target.lower() in (source.name.lower(), last.lower())
    return bool(source.uri) and covers(source.uri, target)


def _is_read(facts: Facts, source: Declared) -> bool:
    reads = facts.outside_reads
    for read in reads:
        if any(_matches(source, t, tables=read.tables) for t in read.targets):
            return True
    unclear = any(HOLE in t for r in reads for t in r.targets)
    return unclear and any(_named_in(t, source) for _, t in facts.program.strings)


def _named_in(text: str, source: Declared) -> bool:
    """True when a string of the program names the source: an unclear read may be of it."""
    return covers(source.uri, text) if source.uri else source.name.lower() in text.lower()


def _reads_something(facts: Facts, context: Context) -> Iterator[Hit]:
    if not context.must_come_from_sources:
        return
    unclear = any(HOLE in t for r in facts.outside_reads for t in r.targets)
    if not unclear and not sources_read(facts, context):
        yield Hit(
            None,
            "The program reads none of the declared sources.",
            f"Read {_listed(context)}.",
        )


def _undeclared(facts: Facts, context: Context) -> Iterator[Hit]:
    for read in facts.outside_reads:
        for target in sorted(known(read.targets)):
            allowed = read.file or read.tables
            if allowed and any(_matches(s, target, tables=read.tables) for s in context.sources):
                continue
            what = "table" if read.tables else "place"
            yield Hit(
                read.call,
                f"The program reads the {what} {target!r}, which is not a declared source.",
                f"Read only {_listed(context)}." if context.sources else "",
            )


def _unread(facts: Facts, context: Context) -> Iterator[Hit]:
    read = sources_read(facts, context)
    if not read:
        return
    for source in context.sources:
        if source.name not in read and source.name not in context.planned:
            yield Hit(None, f"The declared source {source.name} is not read.")


def _plan_unread(facts: Facts, context: Context) -> Iterator[Hit]:
    read = sources_read(facts, context)
    for source in context.sources:
        if source.name in context.planned and source.name not in read:
            yield Hit(
                None,
                f"The plan reads {source.name}, but the program does not.",
                f"Read {source.name} at {source.uri or source.name}, as the plan says.",
            )


def _unclear(facts: Facts, context: Context) -> Iterator[Hit]:
    for read in facts.outside_reads:
        if any(HOLE in t for t in read.targets):
            yield Hit(read.call, f"It cannot be seen what {read.by} reads here.")


def _invented(facts: Facts, context: Context) -> Iterator[Hit]:
    if not context.must_come_from_sources or not _makes_rows(facts):
        return
    sinks = ([w.call for w in facts.writes.found] or facts.writes.prints)[:_MAX_SINKS]
    reached = [(sink, facts.flow.of(sink)) for sink in sinks]
    if not facts.writes.found and any(f & (READ | UNKNOWN) for _, f in reached):
        return
    for sink, flags in reached:
        if flags & ROWS and not flags & (READ | UNKNOWN):
            chance = " and random numbers" if flags & RANDOM else ""
            yield Hit(
                sink,
                f"The answer consists of rows that the program wrote itself{chance}; no source"
                " reaches it.",
                f"Compute the answer from {_listed(context)}.",
            )
            return


_MAX_SINKS = 200
"""Writes that are followed to their origin: one answer has few, and following costs."""


def _makes_rows(facts: Facts) -> bool:
    flow = facts.flow
    makes = any(flow.makes_rows(c) for c in facts.program.calls)
    return makes or any("values" in t.lower() for _, many in facts.reads.sql for t in many)


def _fallback(facts: Facts, context: Context) -> Iterator[Hit]:
    if not context.must_come_from_sources:
        return
    for handler in facts.program.handlers:
        for node in (n for statement in handler.body for n in ast.walk(statement)):
            made = isinstance(node, ast.Call) and _made_up(facts, node)
            if made or _literal_rows(node):
                yield Hit(node, "When something fails, the program goes on with invented rows.")
                break


def _made_up(facts: Facts, call: ast.Call) -> bool:
    if not facts.flow.makes_rows(call):
        return False
    values = [*call.args, *(k.value for k in call.keywords)]
    return not facts.flow.of(*values) & (READ | UNKNOWN)


def _literal_rows(node: ast.AST) -> bool:
    """True for an assigned list of tuples or dicts that hold constants."""
    match node:
        case ast.Assign(value=ast.List(elts=[ast.Tuple() | ast.Dict() | ast.List(), *_] as rows)):
            return all(any(isinstance(n, ast.Constant) for n in ast.walk(r)) for r in rows)
    return False


_ADDS = words("withColumn withColumns select selectExpr add_column assign agg")


def _chance(facts: Facts, context: Context) -> Iterator[Hit]:
    if not context.must_come_from_sources or _CHANCE.search(context.prompt):
        return
    for call in facts.program.calls:
        if not facts.flow.is_random(call):
            continue
        engine = (facts.names.callee(call) or "").startswith("pyspark.")
        if not engine:
            yield Hit(call, "The program draws random numbers.", severity=Severity.WARNING)
        elif _becomes_column(facts, call):
            yield Hit(call, "A column of random numbers becomes part of the answer.")


def _becomes_column(facts: Facts, call: ast.Call) -> bool:
    """True below .withColumn or .select; False where it only orders or samples."""
    for above in facts.program.above(call):
        if isinstance(above, ast.Call) and isinstance(above.func, ast.Attribute):
            if above.func.attr in ("orderBy", "sort", "filter", "where", "over"):
                return False
            if above.func.attr in _ADDS:
                return True
        if isinstance(above, ast.stmt):
            return False
    return False


def _listed(context: Context) -> str:
    """The declared sources, as a hint names them: at most five."""
    shown = [f"{s.name} ({s.uri})" if s.uri else s.name for s in context.sources[:5]]
    more = len(context.sources) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


_IMPORT = "from pyspark.sql import SparkSession, functions as F\n"
_SESSION = f"{_IMPORT}spark = SparkSession.builder.getOrCreate()\n"
_READ = f"{_SESSION}df = spark.read.csv('s3://data/birds.csv', header=True)\n"

RULES: tuple[Rule[Facts], ...] = (
    Rule(
        code="PRV001",
        title="A declared source is read",
        severity=Severity.ERROR,
        why="An answer about data that was never read is invented.",
        bad=f"{_SESSION}print(42)\n",
        good=f"{_READ}df.show()\n",
        hint="Read the source by its URI.",
        check=_reads_something,
    ),
    Rule(
        code="PRV002",
        title="Nothing undeclared is read",
        severity=Severity.ERROR,
        why="The answer names its sources; a read outside them is neither granted nor recorded.",
        bad=f"{_SESSION}spark.read.csv('s3://other/x.csv').show()\n",
        good=f"{_READ}df.show()\n",
        hint="Declare it as a source of the job, or leave it out.",
        check=_undeclared,
    ),
    Rule(
        code="PRV003",
        title="Every declared source is read",
        severity=Severity.WARNING,
        why="Who declares a source expects it in the answer.",
        bad=f"{_SESSION}spark.read.csv('s3://data/birds.csv').show()\n",
        good=f"{_READ}other = spark.read.csv('s3://data/airports.csv')\n"
        "df.join(other, 'id').show()\n",
        hint="Read it, or leave it out of the job's sources.",
        check=_unread,
    ),
    Rule(
        code="PRV004",
        title="No invented rows",
        severity=Severity.ERROR,
        why="An answer from rows that stand in the program looks right and is not.",
        bad=f"{_SESSION}spark.createDataFrame([('a', 1)], ['k', 'n']).show()\n",
        good=f"{_READ}df.groupBy('k').count().show()\n",
        hint="Compute the answer from the sources.",
        check=_invented,
    ),
    Rule(
        code="PRV005",
        title="No invented rows after an error",
        severity=Severity.ERROR,
        why="A failed read must fail the run: it is then repaired or explained.",
        bad=f"{_SESSION}try:\n    df = spark.read.csv('s3://data/birds.csv')\nexcept Exception:\n"
        "    df = spark.createDataFrame([('a', 1)], ['k', 'n'])\n",
        good=f"{_READ}df.show()\n",
        hint="Remove the fallback and let the error end the program.",
        check=_fallback,
    ),
    Rule(
        code="PRV006",
        title="It is visible what is read",
        severity=Severity.WARNING,
        why="Provenance is checked before the run; a computed path cannot be.",
        bad=f"{_SESSION}import sys\nspark.read.csv(sys.argv[1]).show()\n",
        good=f"{_READ}df.show()\n",
        hint="Write the source's URI into the program as it was declared.",
        check=_unclear,
    ),
    Rule(
        code="PRV007",
        title="No chance in the answer",
        severity=Severity.ERROR,
        why="Random values among real ones cannot be told apart from them.",
        bad=f"{_READ}df.withColumn('revenue', F.rand() * 100).show()\n",
        good=f"{_READ}df.orderBy(F.rand()).limit(3).show()\n",
        hint="Compute the column from the source's columns.",
        check=_chance,
    ),
    Rule(
        code="PRV008",
        title="Every planned source is read",
        severity=Severity.ERROR,
        why="A program that leaves out a source of its plan answers another question.",
        bad=f"{_SESSION}spark.read.csv('s3://data/birds.csv').show()\n",
        good=f"{_READ}other = spark.read.csv('s3://data/airports.csv')\n"
        "df.join(other, 'id').show()\n",
        hint="Read it, as the plan says.",
        check=_plan_unread,
    ),
)
