"""Where a plan reads from: its tables, the date column, the join, and the columns of each."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from arclight.catalog.profile import ColumnType
from services.codegen.planner.frame import TIME, Frame, columns_of
from services.codegen.planner.joins import JoinChoice, infer_join
from services.codegen.planner.names import Names, column_names
from services.codegen.planner.plan import (
    AllOf,
    AnyOf,
    Bucket,
    Clean,
    Col,
    Join,
    Lit,
    Node,
    Not,
    Predicate,
    ReadColumn,
    Scan,
    Unit,
)
from services.codegen.planner.query import Query
from services.codegen.planner.schema import Field, Schema

_OTHER = {
    Unit.MONTH: "ask `by calendar month` for one group per month over all years",
    Unit.QUARTER: "ask `by calendar quarter` for one group per quarter over all years",
    Unit.WEEK: "ask `by week of the year` for one group per week over all years",
    Unit.MONTH_OF_YEAR: "ask `by month` for one group per month and year",
    Unit.QUARTER_OF_YEAR: "ask `by quarter` for one group per quarter and year",
    Unit.WEEK_OF_YEAR: "ask `by week` for one group per week and year",
}


class CannotBuild(Exception):
    """The query makes no plan; `reason` and `hint` say why, in words for the person who asked."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.reason, self.hint = reason, hint


class Sources:
    """The tables of one query. Raises CannotBuild; adds assumptions to the frame."""

    def __init__(self, query: Query, frame: Frame, schema: Schema) -> None:
        self.q, self.frame, self.schema = query, frame, schema
        self.names = Names()
        self.time = self._time()
        self.join: JoinChoice | None = None
        self.tables = self._tables()
        self.columns: Mapping[str, str] = {}

    def _time(self) -> Field | None:
        """The date column that the question means by month, year and so on."""
        keys = self.q.fields()
        if TIME.name not in keys:
            return None
        used = {self.schema.fields[k].table.name for k in keys if k != TIME.name}
        used |= {m.table for m in self.q.measures if m.table} or set(self.q.tables)
        dates = [f for f in self.schema.fields.values() if f.is_date]
        near = [f for f in dates if f.table.name in used] or dates
        if not near:
            reason = "The question names a time, but no column holds dates."
            raise CannotBuild(reason, "Ask without a time, or add a table with a date column.")
        measured = {m.table for m in self.q.measures if m.table}
        of = {k for m in self.q.measures for k in columns_of(m.of)} - {TIME.name}
        measured |= {self.schema.fields[k].table.name for k in of}
        # The time of what is measured: the date of the loans, not of the members who took them.
        near.sort(key=lambda f: f.table.name not in measured)
        others = [f.name for f in near[1:]]
        self._other_reading(near[0])
        if others:
            note = f"took {near[0].name!r} as the time; {', '.join(map(repr, others))} would do too"
            self.frame.note(note, 0.1)
        return near[0]

    def _other_reading(self, time: Field) -> None:
        """Over several years `by month` has two meanings: say which one was not taken."""
        if not spans_years(time):
            return
        for key in self.q.keys:
            other = _OTHER.get(key.unit) if isinstance(key, Bucket) else None
            if isinstance(key, Bucket) and other:
                said = key.unit.value.replace("_", " ")
                self.frame.note(f"grouped by {said}; {other}")

    def _tables(self) -> list[str]:
        keys = [k for k in self.q.fields() if k != TIME.name]
        used = [self.schema.fields[k].table.name for k in keys]
        used += [self.time.table.name] if self.time else []
        used += [m.table for m in self.q.measures if m.table]
        # A table that was only named, as in `join A and B`, is read as well.
        used += self.q.tables if self.frame.join or not used else []
        tables = list(dict.fromkeys(used)) or list(self.schema.tables)
        if len(tables) > 2 or (not used and len(tables) != 1):
            listed = ", ".join(tables)
            reason = f"The question needs more than one join, or does not say which table: {listed}"
            raise CannotBuild(f"{reason}.", "Ask about two tables at most, and name them.")
        return tables

    def _source(self) -> Node:
        keys = [k for k in self.q.fields() if k != TIME.name]
        keys += [self.time.key] if self.time else []
        if len(self.tables) == 2:
            self.join = self._join()
            keys += [self.join.pair.many.key, self.join.pair.one.key]
        fields = [f for f in self.schema.fields.values() if f.key in keys]
        for table in self.tables:
            if not any(f.table.name == table for f in fields):
                fields.append(self.schema.of(table)[0])
        self.columns = column_names(fields, self.names)
        scans = {t: self._scan(t, [f for f in fields if f.table.name == t]) for t in self.tables}
        if self.join is None:
            return scans[self.tables[0]]
        many, one = self.join.pair.many, self.join.pair.one
        left, right = scans[many.table.name], scans[one.table.name]
        return Join(left, right, self.columns[many.key], self.columns[one.key])

    def _join(self) -> JoinChoice:
        a, b = self.tables
        if {"arrive", "depart"} <= self.q.roles:
            reason = "The question speaks of both ends, which takes two joins with one table."
            raise CannotBuild(reason, "Ask about one end at a time.")
        choice = infer_join(self.schema, a, b, self.q.roles, self.q.join_on)
        if choice is None:
            reason = f"No columns were found by which {a} and {b} belong together."
            raise CannotBuild(
                reason, f"Say which columns join them, as in `join {a} and {b} on …`."
            )
        many, one = choice.pair.many, choice.pair.one
        note = f"joined {many.key} with {one.key}; rows without a partner are left out"
        self.frame.note(note, 0.02 if choice.pair.safe else 0.12)
        if choice.rivals:
            rivals = ", ".join(f"{r.many.key} with {r.one.key}" for r in choice.rivals[:2])
            self.frame.note(f"another join would have done as well: {rivals}", 0.15)
        return choice

    def _scan(self, table: str, fields: list[Field]) -> Scan:
        return Scan(self.schema.tables[table], tuple(self._read(f) for f in fields))

    def _read(self, field: Field) -> ReadColumn:
        """Text that mostly holds numbers is read as numbers where it is measured or compared."""
        profile, name = field.profile, self.columns[field.key]
        if not (field.textual_number and self._as_number(field.key)):
            return ReadColumn(field.name, profile.type, name)
        odd = ", ".join(map(repr, profile.not_numeric[:5])) or "none in the sample"
        self.frame.note(f"cells of {field.name!r} that are no number count as missing: {odd}", 0.03)
        return ReadColumn(field.name, ColumnType.DOUBLE, name, Clean.NUMBER)

    def _as_number(self, key: str) -> bool:
        query = Query(measures=self.q.measures, having=self.q.having)
        query.sort = self.q.sort
        query.where = [t for w in self.q.where for t in _tests(w) if _number_test(t)]
        return key in query.fields()

    def _renamed(self, value: Any) -> Any:
        """The same expression or predicate over plan-wide names."""
        if isinstance(value, Col):
            key = self.time.key if value == TIME and self.time else value.name
            return Col(self.columns[key])
        if isinstance(value, tuple):
            return tuple(self._renamed(v) for v in value)
        fields = getattr(value, "__dataclass_fields__", {})
        inner = {n: self._renamed(getattr(value, n)) for n in fields}
        return replace(value, **inner) if fields and not isinstance(value, Lit) else value


def _tests(where: Predicate) -> Iterator[Predicate]:
    """The single tests within a predicate."""
    match where:
        case AllOf(of=parts) | AnyOf(of=parts):
            for part in parts:
                yield from _tests(part)
        case Not(of=inner):
            yield from _tests(inner)
        case _:
            yield where


def _number_test(where: Predicate) -> bool:
    """True for a comparison with a number."""
    literals = (getattr(where, "right", None), getattr(where, "low", None))
    return any(isinstance(v, Lit) and isinstance(v.value, int | float) for v in literals)


def spans_years(field: Field) -> bool:
    """True when the sample holds dates of several years."""
    low, high = str(field.profile.minimum or ""), str(field.profile.maximum or "")
    return bool(low and high) and low[:4] != high[:4]
