"""The text cells of a schema by their words, built once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from arclight.catalog.profile import ColumnType
from services.codegen.planner.forms import forms
from services.codegen.planner.lexicon import stem
from services.codegen.planner.schema import Field, Schema
from services.codegen.planner.value_text import acronym, normal, swapped, without_notes

CATEGORY = 80
"""Distinct values up to which a column is a category, whose values people inflect (`rainy`)."""
LONGEST = 10
"""Words. Longer cells are found by their parts."""
_REMEMBERED = 2_000
"""Phrases whose cells are remembered, per schema."""
_MOST = 200
_PROSE = 40
"""Words of a cell that are indexed; what follows is prose."""


@dataclass(frozen=True, eq=False, slots=True)
class Cell:
    """One distinct value of a text column."""

    field: Field
    text: str
    normal: str
    size: int
    """Words."""


@dataclass(frozen=True, eq=False)
class Holders:
    """The cells of one column that hold a phrase; `shortest` is the fewest words of any."""

    cells: tuple[Cell, ...]
    shortest: int

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The cells as the column writes them, at most 200."""
        return tuple(c.text for c in self.cells[:_MOST])


class ValueIndex:
    """Look-ups from words in `normal` writing to cells."""

    def __init__(self, schema: Schema) -> None:
        self.cells = tuple(_cells(schema))
        self.whole = _group((c.normal, c) for c in self.cells)
        self.tight = _group((c.normal.replace(" ", ""), c) for c in self.cells if c.size < LONGEST)
        self.other = _group((form, c) for c in self.cells for form in _others(c))
        self.acronyms = _group((a, c) for c in self.cells if (a := acronym(c.text)))
        self.stems = _group(
            (stems(c.normal), c)
            for c in self.cells
            if c.field.profile.distinct <= CATEGORY and c.size < LONGEST
        )
        self.words = _group(
            (w, c) for c in self.cells for w in dict.fromkeys(c.normal.split(" ")[:_PROSE])
        )
        self._holders: dict[tuple[str, ...], Mapping[str, Holders]] = {}
        self.longest = min(LONGEST, max((c.size for c in self.cells), default=0))

    def nation(self, words: str) -> list[Cell]:
        """Cells that name the country, its people or its products as other words do."""
        return [c for name in forms().nations.get(words, ()) for c in self.whole.get(name, ())]

    def containing(self, words: tuple[str, ...]) -> Mapping[str, Holders]:
        """Longer cells in which the words stand next to each other, by their columns."""
        found = self._holders.get(words)
        if found is None:
            if len(self._holders) >= _REMEMBERED:
                self._holders.clear()
            found = self._holders[words] = self._containing(words)
        return found

    def _containing(self, words: tuple[str, ...]) -> Mapping[str, Holders]:
        rarest = min((self.words.get(w, []) for w in words), key=len, default=[])
        phrase = f" {' '.join(words)} "
        cells: dict[str, list[Cell]] = {}
        for cell in rarest:
            if cell.size > len(words) and (len(words) == 1 or phrase in f" {cell.normal} "):
                cells.setdefault(cell.field.key, []).append(cell)
        return {k: Holders(tuple(c), min(x.size for x in c)) for k, c in cells.items()}


@lru_cache(maxsize=16)
def value_index(schema: Schema) -> ValueIndex:
    """The index of a schema, built once."""
    return ValueIndex(schema)


@lru_cache(maxsize=100_000)
def stems(words: str) -> str:
    """The stems of words in `normal` writing."""
    return " ".join(map(stem, words.split()))


def _cells(schema: Schema) -> Iterator[Cell]:
    for field in schema.fields.values():
        if field.profile.type is ColumnType.STRING:
            for value in field.profile.values:
                text = str(value)
                words = normal(text) or text.strip().casefold()
                if words:
                    yield Cell(field, text, words, words.count(" ") + 1)


def _others(cell: Cell) -> Iterator[str]:
    """Other writings of a cell that people use."""
    bare = without_notes(cell.text)
    if bare and bare != cell.normal:
        yield bare
    turned = swapped(cell.text) if "," in cell.text else ""
    if turned:
        yield turned


def _group(pairs: Iterable[tuple[str, Cell]]) -> dict[str, list[Cell]]:
    found: dict[str, list[Cell]] = defaultdict(list)
    for key, cell in pairs:
        found[key].append(cell)
    return dict(found)
