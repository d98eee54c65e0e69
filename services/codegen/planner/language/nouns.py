"""What a noun stands for: a table's rows or a column."""

from dataclasses import dataclass

from services.codegen.planner.language.reader import Reader
from services.codegen.planner.lexicon import Op

KINDS = frozenset({"type", "types", "kind", "kinds", "types of", "kinds of", "kind of", "type of"})
"""Words that ask for what there is of a thing: each once."""


@dataclass(frozen=True)
class Noun:
    """`table` empty: the column at `at`."""

    text: str
    at: int
    after: int
    table: str = ""
    distinct: bool = False


def noun_at(r: Reader, at: int) -> Noun | None:
    """The table or column that is named at `at`, fillers before it passed over."""
    at = r.skip(at)
    distinct = r.sense(at, Op.DISTINCT)
    if distinct:
        at = r.skip(at + 1)
        while r.word(at) in KINDS:
            at = r.skip(at + 1)
    s = r.segment(at)
    if s is None:
        return None
    table = r.names_table(at)
    if table:
        following = r.segment(at + 1)
        if following is not None and r.names_column(at + 1):
            own = any(c.field.table.name == table for c in following.columns)
            verb = following.text.lower().endswith(("ed", "ing"))
            if own and not (verb or r.sense(at + 2, Op.COMPARE, Op.TEMPORAL, Op.EQUALS)):
                r.attach = table
                return Noun(following.text, at + 1, at + 2, "", distinct)
        return Noun(s.text, at, at + 1, table, distinct)
    if s.columns:
        return Noun(s.text, at, at + 1, "", distinct)
    return None
