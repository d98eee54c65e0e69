"""The tables of a question, prepared for look-up: every column under a plan-internal key."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache

from arclight.catalog.profile import ColumnProfile, ColumnType, TableProfile
from services.codegen.planner.lexicon import lexicon, stem
from services.codegen.planner.words import pieces

ORDERED = (ColumnType.DATE, ColumnType.TIMESTAMP)
NUMBERS = (ColumnType.INTEGER, ColumnType.DOUBLE)
MOSTLY_NUMERIC = 0.5
"""Share of number texts from which on a text column is summed as numbers."""
MOSTLY_FIRST = 0.7
"""Share of cells that begin with a number from which on a text column is ordered by it."""
_CLOCK = re.compile(r"\d{1,3}(:\d\d)*([.,]\d+)?")
_UNIT_PART = re.compile(r"\s+in\s+|\s*[(\[]")
_ALWAYS_KEYS = frozenset({"id", "key", "uuid", "zip", "zipcode", "postcode"})
_KEYS = frozenset({"code", "number", "no", "nr", "ref", "index"})
_LONGEST = 48
"""Characters of a name for a column whose own name is a whole sentence."""
_SMALL = frozenset({"of", "in", "the", "a", "an", "and", "by", "for", "to"})


@dataclass(frozen=True, eq=False)
class Field:
    """One column. `key` is unique over all tables of the question."""

    key: str
    table: TableProfile = field(repr=False)
    profile: ColumnProfile = field(repr=False)
    words: tuple[str, ...]
    """Lower-case words of the name without small words."""
    head: frozenset[str]
    """The words of `words` that say what the column is; others only qualify it."""
    main: tuple[str, ...]
    """The words without a unit or note at the end, such as `(millions)`."""

    @property
    def name(self) -> str:
        return self.profile.name

    @cached_property
    def small(self) -> frozenset[str]:
        """Small words that stand in the name itself, as in `Time of day`."""
        return _SMALL & set(pieces(self.name))

    @property
    def is_date(self) -> bool:
        return self.profile.type in ORDERED

    @cached_property
    def dated(self) -> bool:
        """True for dates, also where they stand as text that says the year."""
        formats = self.profile.date_formats
        return self.is_date or (bool(formats) and all("%Y" in f or "%y" in f for f in formats))

    @property
    def ranked(self) -> bool:
        """True for cells with an order of their own: numbers or dates, also within text."""
        p = self.profile
        timed = bool(p.date_formats) or self.clocked
        return self.numeric or self.dated or timed or p.first_number >= MOSTLY_FIRST

    @cached_property
    def clocked(self) -> bool:
        """True for text such as `1:02.35`: minutes and seconds, mostly."""
        texts = [v.strip() for v in self.profile.values if isinstance(v, str)]
        found = [t for t in texts if _CLOCK.fullmatch(t)]
        minutes = sum(":" in t for t in found)
        return len(found) > MOSTLY_FIRST * len(texts) and 3 * minutes > len(found)

    @property
    def textual_number(self) -> bool:
        """True for a text column that mostly holds numbers in other writing."""
        text = self.profile.type is ColumnType.STRING
        return text and self.profile.numeric_text >= MOSTLY_NUMERIC

    @cached_property
    def numeric(self) -> bool:
        return self.profile.type in NUMBERS or self.textual_number

    @cached_property
    def unique(self) -> bool:
        """True when no value repeats in the sample and none is missing."""
        p = self.profile
        return p.nulls == 0 and p.distinct > 1 and p.distinct == self.table.sampled_rows

    @cached_property
    def identifier(self) -> bool:
        """True for numbers that only name things: adding them up says nothing."""
        last = self.words[-1] if self.words else ""
        return last in _ALWAYS_KEYS or (last in _KEYS and self.unique)

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(map(stem, self.words))

    @cached_property
    def value_set(self) -> frozenset[str | int | float]:
        """The known values, for look-up."""
        return frozenset(v for v in self.profile.values if isinstance(v, str | int | float))

    @cached_property
    def known(self) -> bool:
        """True when the profile's values are all that the column holds."""
        whole = self.table.rows == self.table.sampled_rows > 0
        complete = self.profile.complete and bool(self.profile.values)
        return complete or (whole and len(self.profile.values) == self.profile.distinct)

    def looks_like(self, text: str) -> bool:
        """True when the values are mostly written like `text`: capitals, digits, words."""
        shape = _shape(text)
        shapes = [_shape(str(v)) for v in self.profile.values[:50]]
        return sum(s == shape for s in shapes) >= 0.3 * len(shapes)

    def written_like(self, text: str) -> bool:
        """True when most values have just as many letters and digits, as codes have."""
        own = self.letters.count(_form(text))
        return len(self.letters) > 1 and 2 * own > len(self.letters)

    @cached_property
    def letters(self) -> tuple[str, ...]:
        """The forms of the values: letters, digits and their number, most frequent first."""
        return tuple(_form(str(v)) for v in self.profile.values[:50])


class Schema:
    """All fields of the tables of one question."""

    def __init__(self, tables: Sequence[TableProfile]) -> None:
        self.tables: Mapping[str, TableProfile] = {t.name: t for t in tables}
        self.fields: Mapping[str, Field] = {
            f.key: f for t in tables for f in (_field(t, c) for c in t.columns)
        }

    @cached_property
    def _by_table(self) -> Mapping[str, tuple[Field, ...]]:
        found: dict[str, list[Field]] = {t: [] for t in self.tables}
        for f in self.fields.values():
            found[f.table.name].append(f)
        return {t: tuple(fs) for t, fs in found.items()}

    @cached_property
    def texts(self) -> tuple[Field, ...]:
        """The text columns of all tables."""
        return tuple(f for f in self.fields.values() if f.profile.type is ColumnType.STRING)

    @cached_property
    def nouns(self) -> Mapping[str, frozenset[str]]:
        """Stems of what one row of each table is called, by its own key: `order` of `order_id`."""
        return {t: frozenset(filter(None, map(_row_noun, self.of(t)))) for t in self.tables}

    def of(self, table: str) -> list[Field]:
        """The fields of one table, in its order."""
        return list(self._by_table.get(table, ()))

    def row_count(self, table: str) -> Field | None:
        """The column that says how many things one row stands for, such as `count`."""
        fields = self.of(table)
        counts = [f for f in fields if f.stems and f.stems <= lexicon().row_counts]
        counts = [f for f in counts if f.profile.type is ColumnType.INTEGER]
        # A key of its own makes each row one thing: then a number beside it counts other things.
        keyed = any(f.unique for f in fields if f not in counts)
        return counts[0] if len(counts) == 1 and not keyed else None

    def key(self, table: str) -> Field | None:
        """The column whose value no two rows share: declared, or else keys by name first."""
        declared = self.tables[table].primary_key
        if len(declared) == 1:
            named = next((f for f in self.of(table) if f.name == declared[0]), None)
            if named is not None and named.profile.distinct == named.table.sampled_rows:
                return named
        unique = [f for f in self.of(table) if f.unique and not f.is_date]
        return next((f for f in unique if f.identifier), unique[0] if unique else None)

    def dates(self, table: str) -> list[Field]:
        return [f for f in self.of(table) if f.is_date]

    def label(self, table: str) -> list[Field]:
        """The columns that name one thing of the table: its name, with its key if names repeat."""
        fields = self.of(table)
        unique = [f for f in fields if f.unique and f.profile.type is ColumnType.STRING]
        ids = [f for f in fields if f.unique and f.profile.type is ColumnType.INTEGER]
        names = [f for f in fields if f.words and stem(f.words[-1]) in lexicon().names]
        # The airport's name names no strike, however often it stands in the table of strikes.
        own = {stem(w) for w in pieces(table)} | lexicon().names
        names = [f for f in names if f.unique or f.stems <= own]
        if names and not names[0].unique and (unique or ids):
            return [(unique or ids)[0], names[0]]
        return (names or unique or ids)[:1]


def _field(table: TableProfile, column: ColumnProfile) -> Field:
    words, head, main = _name_words(column.name)
    return Field(f"{table.name}.{column.name}", table, column, words, head, main)


def _row_noun(field: Field) -> str:
    """`order` for a unique `order_id`; empty for any other column."""
    named = field.unique and len(field.words) == 2 and field.words[-1] in _ALWAYS_KEYS | _KEYS
    return stem(field.words[0]) if named else ""


@cache
def _name_words(name: str) -> tuple[tuple[str, ...], frozenset[str], tuple[str, ...]]:
    words = tuple(w for w in pieces(name) if w not in _SMALL) or pieces(name)
    sign = name.strip().casefold()
    if not words and sign:
        return (sign,), frozenset({sign}), (sign,)  # a column named `#` or `%`
    main = pieces(_UNIT_PART.split(name)[0])
    first = main[: main.index("of")] if "of" in main[1:] else main
    plain = [w for w in first if w not in _SMALL and stem(w) not in lexicon().names] or first
    return words, frozenset(plain[-1:]), tuple(w for w in main if w in words)


@lru_cache(maxsize=16_384)
def snake(name: str) -> str:
    """A readable name of lower-case words and underscores, no longer than a line can bear."""
    words = _shortened("_".join(pieces(name))) or "column"
    return words if words[0].isalpha() else f"c_{words}"


def _shortened(name: str) -> str:
    """The first words of a name, at least one."""
    if len(name) <= _LONGEST:
        return name
    return name[: _LONGEST + 1].rpartition("_")[0] or name[:_LONGEST]


def _shape(text: str) -> tuple[str, bool, bool, bool]:
    """The kind of the first letter, and whether there are blanks, digits, or only capitals."""
    return _form(text[:1]), " " in text, any(map(str.isdigit, text)), text.isupper()


def _form(text: str) -> str:
    return "".join(
        "9" if c.isdigit() else "A" if c.isupper() else "a" if c.isalpha() else c for c in text
    )
