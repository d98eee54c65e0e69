"""PRV: the answer comes from the declared sources, from nothing else, and can be followed."""

from collections.abc import Iterator

from arclight.contracts.names import Severity
from services.validator.analysis.facts import Facts
from services.validator.analysis.fold import HOLE, known
from services.validator.analysis.places import covers
from services.validator.context import Context, Declared
from services.validator.rules.examples import READ, SESSION
from services.validator.rules.rule import Hit, Rule


def sources_read(facts: Facts, context: Context) -> tuple[str, ...]:
    """Names of the declared sources that the program reads."""
    return tuple(s.name for s in context.sources if _is_read(facts, s))


def _matches(source: Declared, target: str, *, tables: bool) -> bool:
    if tables:
        last = source.name.rpartition(".")[2]
        return not source.uri and target.lower() in (source.name.lower(), last.lower())
    return bool(source.uri) and covers(source.uri, _seen_part(target))


def _seen_part(target: str) -> str:
    """The folder that a path stays below, whatever the run puts into its holes."""
    return target.partition(HOLE)[0].rpartition("/")[0] if HOLE in target else target


def _is_read(facts: Facts, source: Declared) -> bool:
    targets = facts.live_targets
    if any(_matches(source, target, tables=tables) for target, tables in targets):
        return True
    unclear = any(HOLE in target for target, _ in targets)
    return unclear and any(_named_in(t, source) for t in facts.distinct_strings)


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
            f"Read {context.listed()}.",
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
                f"Read only {context.listed()}." if context.sources else "",
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
        unclear = [t for t in read.targets if HOLE in t]
        seen = (any(_matches(s, t, tables=read.tables) for s in context.sources) for t in unclear)
        if not all(seen):
            yield Hit(read.call, f"It cannot be seen what {read.by} reads here.")


RULES: tuple[Rule[Facts], ...] = (
    Rule(
        code="PRV001",
        title="A declared source is read",
        severity=Severity.ERROR,
        why="An answer about data that was never read is invented.",
        bad=f"{SESSION}print(42)\n",
        good=f"{READ}df.show()\n",
        hint="Read the source by its URI.",
        check=_reads_something,
    ),
    Rule(
        code="PRV002",
        title="Nothing undeclared is read",
        severity=Severity.ERROR,
        why="The answer names its sources; a read outside them is neither granted nor recorded.",
        bad=f"{SESSION}spark.read.csv('s3://other/x.csv').show()\n",
        good=f"{READ}df.show()\n",
        hint="Declare it as a source of the job, or leave it out.",
        check=_undeclared,
    ),
    Rule(
        code="PRV003",
        title="Every declared source is read",
        severity=Severity.WARNING,
        why="Who declares a source expects it in the answer.",
        bad=f"{SESSION}spark.read.csv('s3://data/birds.csv').show()\n",
        good=f"{READ}other = spark.read.csv('s3://data/airports.csv')\n"
        "df.join(other, 'id').show()\n",
        hint="Read it, or leave it out of the job's sources.",
        check=_unread,
    ),
    Rule(
        code="PRV006",
        title="It is visible what is read",
        severity=Severity.WARNING,
        why="Provenance is checked before the run; a computed path cannot be.",
        bad=f"{SESSION}import sys\nspark.read.csv(sys.argv[1]).show()\n",
        good=f"{READ}df.show()\n",
        hint="Write the source's URI into the program as it was declared.",
        check=_unclear,
    ),
    Rule(
        code="PRV008",
        title="Every planned source is read",
        severity=Severity.ERROR,
        why="A program that leaves out a source of its plan answers another question.",
        bad=f"{SESSION}spark.read.csv('s3://data/birds.csv').show()\n",
        good=f"{READ}other = spark.read.csv('s3://data/airports.csv')\n"
        "df.join(other, 'id').show()\n",
        hint="Read it, as the plan says.",
        check=_plan_unread,
    ),
)
