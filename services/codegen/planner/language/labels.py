"""What the rows of a table are called by, and what tells them apart."""

from collections.abc import Sequence

from arclight.catalog.profile import ColumnType
from services.codegen.planner.keys import key_graph
from services.codegen.planner.lexicon import lexicon, stem
from services.codegen.planner.schema import Field, Schema
from services.codegen.planner.words import pieces


def label(schema: Schema, table: str) -> list[Field]:
    """The column by which people name one row of the table: its name, else its key."""
    fields = schema.of(table)
    own = {stem(w) for w in pieces(table)}
    names = [f for f in fields if f.words and stem(f.words[-1]) in lexicon().names]
    best = [f for f in names if f.stems <= own | lexicon().names] or [
        f for f in names if not f.stems.isdisjoint({"name", "titl"}) and naming(f)
    ]
    first = [f for f in fields if f.stems >= {"first", "name"} or f.stems == {"fname"}]
    last = [f for f in fields if f.stems >= {"last", "name"} or f.stems == {"lname"}]
    if first and last and not [f for f in best if f not in (*first, *last)]:
        return [first[0], last[0]]
    if best:
        return best[:1]
    same = [f for f in fields if f.stems and f.stems <= own and not f.numeric]
    if same:
        return same[:1]
    key = primary(schema, table)
    subject = _subject(schema, fields) if key is None or key.ranked else None
    return [f for f in (subject, key) if f is not None][:1] or fields[:1]


def _subject(schema: Schema, fields: Sequence[Field]) -> Field | None:
    """What stands first in the row and hardly repeats: what a table by itself is about."""
    texts = [f for f in fields if f.profile.type is ColumnType.STRING and not f.ranked]
    return next(filter(naming, texts), None) if len(schema.tables) == 1 else None


def identified(schema: Schema, table: str) -> bool:
    """False where `label` can only take some column, as no name and no key tells the rows."""
    own = {stem(w) for w in pieces(table)} | lexicon().names
    found = label(schema, table)
    if any(f.unique or f == primary(schema, table) or f.stems <= own for f in found):
        return True
    alone = len(schema.tables) == 1
    return any(naming(f) and (alone or not f.stems.isdisjoint(lexicon().names)) for f in found)


def naming(f: Field) -> bool:
    """True for a column that names the rows of its table, whose values hardly repeat."""
    rows = max(f.table.sampled_rows, 1)
    return f.profile.distinct >= 0.9 * rows and not f.is_date


def primary(schema: Schema, table: str) -> Field | None:
    """The key of the table: as declared, as other tables refer to it, or as its values say."""
    profile = schema.tables[table]
    if len(profile.primary_key) == 1:
        return next((f for f in schema.of(table) if f.name == profile.primary_key[0]), None)
    for edge in key_graph(schema).referred(table):
        if edge.safe:
            return edge.one
    return schema.key(table)
