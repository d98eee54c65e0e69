"""The job's tables: the columns that a path or a table name gives."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from arclight.catalog.profile import ColumnProfile, ColumnType, TableProfile
from services.validator.analysis.places import place
from services.validator.columns.schema import Column, Kind, Schema
from services.validator.context import Declared, Table

_KINDS = {
    ColumnType.INTEGER: Kind.NUMBER,
    ColumnType.DOUBLE: Kind.NUMBER,
    ColumnType.BOOLEAN: Kind.TRUTH,
    ColumnType.DATE: Kind.TIME,
    ColumnType.TIMESTAMP: Kind.TIME,
}


@dataclass(frozen=True)
class Tables:
    """What is known of the declared sources."""

    known: Sequence[Table]
    declared: Sequence[Declared]

    def at(self, path: str) -> TableProfile | None:
        """The profile of the source that lies at exactly this place."""
        wanted = place(path).rstrip("/")
        for source, profile in self.known:
            if source.uri and wanted in (place(source.uri).rstrip("/"), place(profile.uri)):
                return profile
        return None

    def named(self, name: str) -> TableProfile | None:
        """The profile of a table of a database; names match in any case."""
        return next((p for s, p in self.known if not s.uri and _is(name, s)), None)

    def is_declared(self, name: str) -> bool:
        return any(not s.uri and _is(name, s) for s in self.declared)

    @property
    def names(self) -> tuple[str, ...]:
        """Full names of the declared tables of databases."""
        return tuple(s.name for s in self.declared if not s.uri)


def _is(name: str, source: Declared) -> bool:
    full = source.name.casefold()
    return name.casefold() in (full, full.rpartition(".")[2])


def columns_of(profile: TableProfile, *, folded: bool = False) -> Schema:
    """The columns of a table, as its readers name them."""
    partial = profile.format == "json" and profile.rows != profile.sampled_rows
    columns = tuple(Column(c.name, _kind(c)) for c in profile.columns)
    return Schema(columns, folded=folded, loose=partial)


def untyped(schema: Schema) -> Schema:
    """The same names, the content not known."""
    return replace(schema, columns=tuple(Column(c.name) for c in schema.columns))


def _kind(column: ColumnProfile) -> Kind | None:
    if column.type is not ColumnType.STRING:
        return _KINDS[column.type]
    cells = [v for v in column.values if isinstance(v, str)]
    spelled = column.numeric_text or column.first_number or column.date_formats
    if not cells or spelled or any(_is_number(c) for c in cells):
        return None
    return Kind.TEXT


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
