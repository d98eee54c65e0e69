"""What a question mentions, by one look-up each: columns, cells, tables, words that do things."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from arclight.catalog.profile import ColumnType, TableProfile
from services.codegen.planner.column_index import Way
from services.codegen.planner.columns import ColumnHit, column_hits
from services.codegen.planner.keys import key_graph
from services.codegen.planner.language.spelled import spelled_columns, spelled_values
from services.codegen.planner.lexicon import ANALYSIS, Op, Sense, lexicon, stem
from services.codegen.planner.schema import Schema
from services.codegen.planner.typed_values import typed_hits
from services.codegen.planner.values import ValueHit, value_hits
from services.codegen.planner.words import Kind, Token, pieces

Span = tuple[int, int]
_OWN_NOUN = 0.95
"""Score of a table named by what the key of its rows is called: `orders` by `order_id`."""


@dataclass(frozen=True)
class TableHit:
    table: TableProfile
    score: float


def named_columns(tokens: Sequence[Token], schema: Schema) -> Iterator[tuple[Span, ColumnHit]]:
    """Columns that are named, each once per stretch; a list of two is not one name."""
    spelled = list(spelled_columns(tokens, schema))
    whole = {(span, hit.field.key) for span, hit in spelled}
    yield from spelled
    for span, hit in column_hits(tokens, schema):
        if (span, hit.field.key) in whole:
            continue
        inner = {t.lower for t in tokens[span[0] : span[1]]}
        if inner & _LISTS - hit.field.small or _ordering(tokens, span):
            continue
        if _counting(tokens, span) and not _counts(hit):
            continue
        if span[1] - span[0] == 3 and _parted(tokens[span[0] + 1], hit):
            continue
        yield span, hit


_LISTS = frozenset({"and", "or", ",", "&"})


def _parted(middle: Token, hit: ColumnHit) -> bool:
    """`finale for season` is no `Season finale`: such a name is only said with `of`."""
    return (
        middle.lower in ("for", "in", "by", "to", "at", "per")
        and middle.lower not in hit.field.small
    )


def _counts(hit: ColumnHit) -> bool:
    """The column holds the count itself, as `no_of_customers` does and `apt_number` does not."""
    own = hit.way in (Way.EXACT, Way.STEM)
    return own or (hit.covered == 1.0 and stem(hit.field.words[0]) in lexicon().counting)


def _counting(tokens: Sequence[Token], span: Span) -> bool:
    """`number of apartments` counts them, unless a column has just that name."""
    first = tuple(t.lower for t in tokens[span[0] : span[0] + 2])
    return any(s.op is Op.COUNT for s in lexicon().phrases.get(first, ()))


def _ordering(tokens: Sequence[Token], span: Span) -> bool:
    """`ordered by date` is no name of a column `date ordered`."""
    first = tuple(t.lower for t in tokens[span[0] : span[0] + 2])
    senses = lexicon().phrases.get(first, ()) if span[1] - span[0] > 2 else ()
    return any(s.op is Op.SORT for s in senses)


def said_values(tokens: Sequence[Token], schema: Schema) -> Iterator[tuple[Span, ValueHit]]:
    """Cells that are said; of dates only those that stand in text columns, and yes or no."""
    known = set()
    for span, hit in value_hits(tokens, schema):
        known.add((span, hit.field.key))
        yield span, hit
    for span, hit in spelled_values(tokens, schema):
        if (span, hit.field.key) not in known:
            yield span, hit
    for span, hit in typed_hits(tokens, schema):
        text = hit.field.profile.type is ColumnType.STRING
        if hit.opposite or (text and tokens[span[0]].kind is not Kind.NUMBER):
            yield span, replace(hit, part=False)


def _quiet(words: int) -> float:
    """The weight of words that say nothing; a longer phrase is surer to be one."""
    return 0.3 if words == 1 else 0.6 * words


def operations(tokens: Sequence[Token]) -> Iterator[tuple[Span, tuple[Sense, ...], float]]:
    words = lexicon()
    for start in range(len(tokens)):
        for end in range(start + 1, min(start + words.longest, len(tokens)) + 1):
            if tokens[end - 1].kind is Kind.QUOTED:
                break
            senses = words.phrases.get(tuple(t.lower for t in tokens[start:end]))
            if senses:
                yield (start, end), senses, _worth(senses, end - start)


def _worth(senses: Sequence[Sense], length: int) -> float:
    """What a phrase of the language explains; one of analysis more than its single words do."""
    if all(s.op is Op.FILLER for s in senses):
        return _quiet(length)
    if length > 1 and any(s.op in (*ANALYSIS, Op.STARTS, Op.ENDS) for s in senses):
        return 0.85 * length
    # A phrase of three words is hardly there by chance.
    return (0.75, 1.4)[length - 1] if length < 3 else 0.75 * length


@lru_cache(maxsize=16)
def _own_nouns(schema: Schema) -> Mapping[str, frozenset[str]]:
    """What the rows of a table are called by their key, unless the key is another table's."""
    foreign = {e.many.key for e in key_graph(schema).edges}
    out = {}
    for table, nouns in schema.nouns.items():
        keys = [f for f in schema.of(table) if f.unique and f.words and stem(f.words[0]) in nouns]
        own = {stem(f.words[0]) for f in keys if f.key not in foreign}
        out[table] = frozenset(own & nouns)
    return out


def named_tables(tokens: Sequence[Token], schema: Schema) -> Iterator[tuple[Span, TableHit]]:
    alike, nouns = lexicon().alike, _own_nouns(schema)
    for table in schema.tables.values():
        parts = pieces(table.name)
        stems = tuple(map(stem, parts))
        for start, token in enumerate(tokens):
            if token.kind is not Kind.WORD:
                continue
            own = nouns[table.name]
            noun = any(token.stem == n or alike(token.stem, n) for n in own)
            if noun and stems != (token.stem,):
                yield (start, start + 1), TableHit(table, _OWN_NOUN)
            for end in range(start + 1, min(start + len(parts) + 1, len(tokens)) + 1):
                score = _table_score(tokens[start:end], parts, stems)
                if score:
                    yield (start, end), TableHit(table, score)


def _table_score(window: Sequence[Token], parts: Sequence[str], stems: Sequence[str]) -> float:
    if any(t.kind is not Kind.WORD for t in window):
        return 0.0
    said = tuple(t.stem for t in window)
    if said == tuple(stems) or stem("".join(t.lower for t in window)) == stem("".join(parts)):
        return 1.0
    if len(window) > 1:
        return 0.85 if len(parts) > len(window) and set(said) <= set(stems) else 0.0
    if said[0] in stems:
        return 0.85 if said[0] == stems[0] else 0.75
    word = window[0].lower.removesuffix("s")
    # Four letters: shorter ones begin or end too many unrelated names.
    inside = len(word) >= 4 and any(
        len(p) > len(word) + 1 and (p.startswith(word) or p.removesuffix("s").endswith(word))
        for p in parts
    )
    return 0.7 if inside else 0.0
