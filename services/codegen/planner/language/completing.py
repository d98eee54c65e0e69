"""What all steps of completing share: the query, what was assumed, and its tables."""

from dataclasses import dataclass, field

from services.codegen.planner.language.labels import label, primary
from services.codegen.planner.language.query import (
    Cond,
    Every,
    Query,
    query_columns,
)
from services.codegen.planner.language.reader import Reader
from services.codegen.planner.plan import (
    Col,
    Compare,
    CompareOp,
)
from services.codegen.planner.schema import Schema


@dataclass
class Completed:
    """A query ready for building, with what was assumed and how far it strays."""

    q: Query
    notes: list[str] = field(default_factory=list)
    penalty: float = 0.0
    valued: bool = False
    """A count was asked for and read as the number that a column holds."""

    def note(self, text: str, penalty: float = 0.0) -> None:
        if text not in self.notes:
            self.notes.append(text)
            self.penalty += penalty


class Completing:
    """One query on its way to being whole."""

    def __init__(self, done: Completed, r: Reader) -> None:
        self.done, self.q, self.r = done, done.q, r
        self.schema: Schema = r.schema

    def _tables(self) -> list[str]:
        keys = [n for n in query_columns(self.q) if n in self.schema.fields]
        used = [self.schema.fields[n].table.name for n in keys]
        return list(dict.fromkeys([*self.q.tables, *used]))

    def _entity(self) -> str:
        """The table whose rows are asked for; empty when nothing says which."""
        if self.q.entity:
            return self.q.entity
        tables = self._tables() or (
            list(self.schema.tables) if len(self.schema.tables) == 1 else []
        )
        return tables[0] if tables else ""

    def _label(self, table: str) -> list[Col]:
        return [Col(f.key) for f in label(self.schema, table)] if table else []

    def _key(self, table: str) -> list[Col]:
        key = primary(self.schema, table) if table else None
        return [Col(key.key)] if key is not None else []

    def _names(self, key: Col, table: str) -> bool:
        f = self.schema.fields.get(key.name)
        return f is not None and (f.unique or f in label(self.schema, table))


def fixed_columns(c: Cond) -> list[str]:
    """Columns that a condition sets to one value."""
    match c:
        case Compare(op=CompareOp.EQ, left=Col(name=name)):
            return [name]
        case Every(of=parts):
            return [n for p in parts for n in fixed_columns(p)]
    return []
