"""From tokens to segments: each stretch of a question with everything it may mention."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from arclight.catalog.profile import ColumnType, TableProfile
from services.codegen.planner.column_index import Way
from services.codegen.planner.columns import ColumnHit, column_hits
from services.codegen.planner.keys import key_graph
from services.codegen.planner.language.spelled import spelled_columns, spelled_values
from services.codegen.planner.lexicon import ANALYSIS, Op, Sense, lexicon, stem
from services.codegen.planner.periods import Period, month_number
from services.codegen.planner.schema import Schema
from services.codegen.planner.typed_values import typed_hits
from services.codegen.planner.values import ValueHit, value_hits
from services.codegen.planner.words import Kind, Token, pieces

Span = tuple[int, int]
_CLOSE = 0.3
"""Columns within this score of the best stay as readings."""
_NAMED = 0.9
"""A column that a word of the language may mean as well is meant from this score on."""
_TELLING = 5
"""Letters from which on a word that mostly says nothing may name a column in part."""
_STRICT = frozenset(
    {
        *(Op.EQUALS, Op.RELATIVE, Op.WH, Op.AGGREGATE, Op.COUNT, Op.COMPARE, Op.SUPERLATIVE),
        *(Op.PREPOSITION, Op.AND, Op.OR, Op.BY, Op.NOT, Op.NO, Op.SORT, Op.TEMPORAL, Op.BOTH),
        *(Op.EITHER, Op.NEITHER, Op.BETWEEN, Op.DISTINCT, Op.AGAIN),
        *(Op.MINUS, Op.PLUS, Op.MULTIPLY, Op.OVER, Op.DIFFERENCE, Op.RATIO, *ANALYSIS),
        *(Op.MORE, Op.NEIGHBOUR, Op.LISTED),
    }
)
_LONGER = 0.12
"""Bonus per further token: of two equally good readings the longer one explains more."""


_OWN_NOUN = 0.95
"""Score of a table named by what the key of its rows is called: `orders` by `order_id`."""


_WORD_OF_TABLE = 0.85
"""Score of a table by a whole word of its name."""
_ARTICLES = frozenset({"the", "a", "an", "each", "all", "every"})


@dataclass(frozen=True)
class TableHit:
    table: TableProfile
    score: float


@dataclass(frozen=True)
class Segment:
    """One stretch of the question. Several readings may hold; the grammar takes what fits."""

    tokens: tuple[Token, ...]
    senses: tuple[Sense, ...] = ()
    columns: tuple[ColumnHit, ...] = ()
    values: tuple[ValueHit, ...] = ()
    tables: tuple[TableHit, ...] = ()
    owner: str = ""
    """The table that the columns are said to be of: `details of the events`."""

    @property
    def text(self) -> str:
        return " ".join(t.text for t in self.tokens)

    def sense(self, *ops: Op) -> Sense | None:
        return next((s for s in self.senses if s.op in ops), None)

    def args(self, op: Op) -> set[str]:
        return {s.arg for s in self.senses if s.op is op}

    @property
    def filler(self) -> bool:
        return self.sense(Op.FILLER) is not None and not (self.columns or self.values)

    @property
    def number(self) -> int | float | None:
        return self.tokens[0].number if len(self.tokens) == 1 else None

    @property
    def year(self) -> int | None:
        return self.tokens[0].year if len(self.tokens) == 1 else None

    @property
    def period(self) -> Period | None:
        return self.tokens[0].period if len(self.tokens) == 1 else None

    @property
    def month(self) -> int | None:
        """The month that a bare name stands for; `may` and `march` only when capitalised."""
        if len(self.tokens) != 1 or self.tokens[0].kind is not Kind.WORD:
            return None
        token = self.tokens[0]
        return month_number(token.lower) if token.capital or token.lower not in _VERBS else None


_VERBS = frozenset({"may", "march", "mar", "sun"})


@dataclass(frozen=True)
class Split:
    """One way to cut the question; `score` says how much of it the mentions explain."""

    segments: tuple[Segment, ...]
    score: float


@dataclass
class _Readings:
    score: float = 0.0
    senses: tuple[Sense, ...] = ()
    columns: list[ColumnHit] = field(default_factory=list)
    values: list[ValueHit] = field(default_factory=list)
    tables: list[TableHit] = field(default_factory=list)


def splits(tokens: Sequence[Token], schema: Schema, most: int = 6) -> list[Split]:
    """The best ways to cut the question into mentions, best first."""
    found: dict[Span, _Readings] = {}
    columns = list(_columns(tokens, schema))
    named = {span for span, column in columns if column.exact}
    for span, senses, score in _operations(tokens):
        inside = any(span[0] < a and b < span[1] for a, b in named)
        if not (inside and all(s.op is Op.AGGREGATE for s in senses)):
            # `total amount of` gives way to a column `amount`.
            _at(found, span, score).senses = senses
    counts = [span for span, senses, _ in _operations(tokens) if _long_count(span, senses)]
    for span, column in columns:
        if any(a <= span[0] and span[1] < b for a, b in counts):
            continue  # `total number of` names no column `total`
        words = span[1] - span[0] - (0.0 if column.exact else _OF * _owned(tokens, span, column))
        _at(found, span, column.score * words).columns.append(column)
    for span, value in _values(tokens, schema):
        _at(found, span, value.score * (span[1] - span[0])).values.append(value)
    for span, table in _table_hits(tokens, schema):
        _at(found, span, table.score * (span[1] - span[0])).tables.append(table)
    return [
        Split(tuple(_segment(tokens, span, found) for span in split), score)
        for score, split in _best_splits(len(tokens), found, most)
    ]


def _owned(tokens: Sequence[Token], span: Span, column: ColumnHit) -> bool:
    """True when `of` stands within the span and not in the column's name."""
    inside = {t.lower for t in tokens[span[0] + 1 : span[1] - 1]}
    return "of" in inside and "of" not in column.field.small


_OF = 0.4
"""Words by which `codes of apartments` counts less than the same words in a row."""


def _long_count(span: Span, senses: Sequence[Sense]) -> bool:
    return span[1] - span[0] > 2 and any(s.op is Op.COUNT for s in senses)


def _columns(tokens: Sequence[Token], schema: Schema) -> Iterator[tuple[Span, ColumnHit]]:
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


def _values(tokens: Sequence[Token], schema: Schema) -> Iterator[tuple[Span, ValueHit]]:
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


def _read(found: Mapping[Span, _Readings], span: Span) -> _Readings:
    return found.get(span, _Readings())


def _owners(tokens: Sequence[Token], span: Span, found: Mapping[Span, _Readings]) -> set[str]:
    """Tables at the end of `details of the events`, whose rows the column is of."""
    inside = [t.lower for t in tokens[span[0] + 1 : span[1] - 1]]
    if "of" not in inside:
        return set()
    tail = span[0] + 2 + inside.index("of")
    tail += tokens[tail].lower in _ARTICLES and tail + 1 < span[1]
    readings = _read(found, (tail, span[1]))
    best = max((t.score for t in readings.tables), default=0.0)
    floor = max(best, _WORD_OF_TABLE)
    return {t.table.name for t in readings.tables if t.score >= floor}


def _of_owner(column: ColumnHit, owners: Collection[str], tail: str, *, counted: bool) -> bool:
    """True for a column of the owner, or one whose own name says whose it is.

    `number of invoices` counts them, although an invoice has a number.
    """
    field = column.field
    if counted and (field.identifier or not field.numeric):
        return False
    return column.exact or field.table.name in owners or tail in field.stems


def _at(found: dict[Span, _Readings], span: Span, score: float) -> _Readings:
    readings = found.setdefault(span, _Readings())
    readings.score = max(readings.score, score + _LONGER * (span[1] - span[0] - 1))
    return readings


def _best_splits(
    count: int, found: Mapping[Span, _Readings], most: int
) -> list[tuple[float, tuple[Span, ...]]]:
    """Dynamic programming over positions: the covers with the highest sums of scores."""
    starts: dict[int, list[Span]] = {}
    for span in found:
        starts.setdefault(span[1], []).append(span)
    best: list[list[tuple[float, tuple[Span, ...]]]] = [[(0.0, ())]]
    for end in range(1, count + 1):
        spans = starts.get(end, [])
        if (end - 1, end) not in found:
            spans = [*spans, (end - 1, end)]
        paths = [
            (score + (found[span].score if span in found else 0.0), (*path, span))
            for span in spans
            for score, path in best[span[0]]
        ]
        best.append(sorted(paths, key=lambda p: (-p[0], len(p[1])))[:most])
    return best[count]


def _segment(tokens: Sequence[Token], span: Span, found: Mapping[Span, _Readings]) -> Segment:
    readings = _read(found, span)
    columns = sorted(readings.columns, key=lambda c: -c.score)
    begins = span[0] == 0 and any(s.op is Op.SHOW for s in readings.senses)
    if begins or any(s.op in _STRICT for s in readings.senses):
        # A word of the language names a column only by its whole name.
        columns = [c for c in columns if c.exact or c.score >= _NAMED]
    tables = readings.tables
    if any(s.op in _STRICT or s.op is Op.FILLER for s in readings.senses):
        # … and a table only by its whole name.
        tables = [t for t in tables if t.score > _WORD_OF_TABLE]
    owners = _owners(tokens, span, found)
    if owners:
        tail = tokens[span[1] - 1].stem
        counted = any(s.op is Op.COUNT for s in _read(found, (span[0], span[0] + 2)).senses)
        columns = [c for c in columns if _of_owner(c, owners, tail, counted=counted)]
    owner = columns[0].field.table.name if owners and columns else ""
    short = all(len(t.lower) < _TELLING for t in tokens[span[0] : span[1]])
    if short and any(s.op is Op.FILLER for s in readings.senses):
        columns = [c for c in columns if c.exact or c.score >= _NAMED]
    values = readings.values
    number = span[1] - span[0] == 1 and tokens[span[0]].kind is Kind.NUMBER
    if number or (readings.senses and tokens[span[0]].kind is not Kind.QUOTED):
        values = [v for v in values if not v.part]
    best = columns[0].score if columns else 0.0
    return Segment(
        tokens=tuple(tokens[span[0] : span[1]]),
        senses=readings.senses,
        columns=tuple(c for c in columns if c.score >= best - _CLOSE)[:12],
        values=tuple(sorted(values, key=lambda v: -v.score)[:8]),
        tables=tuple(sorted(tables, key=lambda t: -t.score)[:2]),
        owner=owner if owner in owners else "",
    )


def _quiet(words: int) -> float:
    """The weight of words that say nothing; a longer phrase is surer to be one."""
    return 0.3 if words == 1 else 0.6 * words


def _operations(tokens: Sequence[Token]) -> Iterator[tuple[Span, tuple[Sense, ...], float]]:
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
    return 0.25 + 0.5 * length if length < 3 else 0.75 * length


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


def _table_hits(tokens: Sequence[Token], schema: Schema) -> Iterator[tuple[Span, TableHit]]:
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
