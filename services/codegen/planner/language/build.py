"""From a complete query to a plan: tables, filter, groups, order, in the order of execution."""

from collections.abc import Collection, Sequence

from arclight.catalog.profile import ColumnType
from services.codegen.planner.language.apart import apart, side_by_side
from services.codegen.planner.language.checks import check
from services.codegen.planner.language.labels import label, naming, primary
from services.codegen.planner.language.measures import Measures, counted
from services.codegen.planner.language.naming import expr_name, item_name
from services.codegen.planner.language.problem import CannotBuild
from services.codegen.planner.language.query import (
    POSITION,
    TIME,
    Agg,
    Item,
    Place,
    Query,
    columns_in,
    grouped,
    query_columns,
)
from services.codegen.planner.language.rename import Renaming
from services.codegen.planner.language.source import Source, source_of
from services.codegen.planner.language.tested import Onto, Test, Tests
from services.codegen.planner.names import Names
from services.codegen.planner.plan import (
    Aggregate,
    AllOf,
    Col,
    Compare,
    CompareOp,
    Derive,
    Expr,
    Filter,
    Func,
    How,
    IsNull,
    Key,
    Limit,
    Lit,
    Measure,
    Node,
    Not,
    Project,
    SetOperation,
    Sort,
    SortKey,
    Window,
    WindowFunc,
)
from services.codegen.planner.schema import Schema


def build(q: Query, schema: Schema, roles: Collection[str] = ()) -> tuple[Node, list[str]]:
    """The plan's tree, and what was assumed about its tables. Raises CannotBuild.

    `roles` are the stems of the question.
    """
    builder = Builder(q, schema, Names(), roles)
    root = builder.node()
    check(root)
    return root, builder.notes


def _joined(source: Source) -> list[str]:
    """By which columns the tables were joined, and which would have done as well."""
    notes = []
    for step in source.tree.steps:
        said = f"joined {step.edge.many.key} with {step.edge.one.key}"
        notes.append(f"{said}; rows without a partner are left out")
        rivals = ", ".join(f"{e.many.key} with {e.one.key}" for e in step.rivals[:2])
        if rivals:
            notes.append(f"another join would have done as well: {rivals}")
    return notes


class Builder:
    """One query; subqueries have builders of their own over the same names."""

    def __init__(self, q: Query, schema: Schema, names: Names, roles: Collection[str] = ()) -> None:
        self.q, self.schema, self.names, self.roles = q, schema, names, roles
        self.source: Source = source_of(q, schema, names, roles=roles)
        self.time = self._time()
        self.rename = Renaming(self.source, self.time)
        for name in query_columns(q):
            # The outer query has the plain names; text may still be asked for as a number.
            f = schema.fields.get(name)
            if f is not None and f.profile.type is not ColumnType.STRING:
                self.source.column(f)
        self.notes = _joined(self.source)
        """What was assumed about the tables, in words."""
        self.key_names: list[str] = []
        """The names of the groups' keys, once there are groups."""

    def node(self) -> Node:
        """The whole query, with what it is combined with."""
        node, _ = self.shown()
        if self.q.combine is None:
            return node
        op, other = self.q.combine
        right = self.inner(other).shown()[0]
        return SetOperation(op, node, right)

    def inner(self, q: Query) -> "Builder":
        """The builder of a subquery."""
        return Builder(q, self.schema, self.names, self.roles)

    def shown(self) -> tuple[Node, list[str]]:
        """The query's rows with exactly its items, and their names."""
        alone = apart(self.q)
        if alone:
            return side_by_side(self, alone)
        prepared = self._prepare()
        return self._grouped(prepared) if grouped(self.q) else self._listed(prepared)

    # --- tables and conditions -----------------------------------------------------------------

    def _time(self) -> str | None:
        """Field key of the date that the question means by month, year and so on."""
        if TIME.name not in query_columns(self.q):
            return None
        tables = self.source.tables
        dates = [f for f in self.schema.fields.values() if f.dated and f.table.name in tables]
        if not dates:
            dates = [f for f in self.schema.fields.values() if f.dated]
            if dates:
                extra = [dates[0].table.name]
                self.source = source_of(self.q, self.schema, self.names, extra, self.roles)
        if not dates:
            reason = "The question names a time, but no column holds dates."
            raise CannotBuild(reason, "Ask without a time, or add a table with a date column.")
        return dates[0].key

    def _prepare(self) -> Sequence[Test]:
        """Every column is asked for before the tables are scanned."""
        return [Tests(self).of(c.cond) for c in self.q.where]

    def _rows(self, tests: Sequence[Test]) -> Node:
        node = self.source.node()
        for test in tests:
            for join in test.joins:
                node = join.onto(node)
        plain = tuple(t.where for t in tests if t.where is not None)
        if plain:
            node = Filter(node, plain[0] if len(plain) == 1 else AllOf(plain))
        return node

    # --- groups --------------------------------------------------------------------------------

    def _grouped(self, prepared: Sequence[Test]) -> tuple[Node, list[str]]:
        q = self.q
        measures = Measures(self)
        keys = [self._key(k) for k in q.keys]
        self.key_names = [k.name for k in keys]
        extra = self._identity(q.keys)
        shown = [self._key_name(i, keys) or measures.name(i) for i in q.items]
        ordered = [(self._key_name(b, keys) or measures.name(b), d) for b, d in q.order]
        tests = [self._having(h.measure, h.op, h.value, measures) for h in q.having]
        node = self._rows(prepared)
        node = Aggregate(node, (*extra, *keys), tuple(measures.measures))
        node = measures.after(node)
        for test in tests:
            for join in test.joins:
                node = join.onto(node)
        wheres = tuple(t.where for t in tests if t.where is not None)
        if wheres:
            node = Filter(node, wheres[0] if len(wheres) == 1 else AllOf(wheres))
        if ordered:
            known = {name for name, _ in ordered}
            ties = dict.fromkeys(k.name for k in (*extra, *keys) if k.name not in known)
            ordered += [(name, False) for name in ties]
        per = [n for k in q.per if (n := self._key_name(k, keys)) is not None]
        return self._cut(node, shown, ordered, per)

    def _key(self, k: Expr) -> Key:
        expr = self.rename.expr(k)
        if isinstance(expr, Col):
            return Key(expr, expr.name)
        return Key(expr, self.names.fresh(expr_name(k, self.source.columns)))

    def _key_name(self, i: Item, keys: Sequence[Key]) -> str | None:
        for k, key in zip(self.q.keys, keys, strict=True):
            if k == i:
                return key.name
        return None

    def _identity(self, keys: Sequence[Expr]) -> tuple[Key, ...]:
        """The key of the things that a name groups: two customers of one name stay two."""
        fields = [self.schema.fields[k.name] for k in keys if isinstance(k, Col) and k != TIME]
        tables = list(dict.fromkeys(f.table.name for f in fields))
        out: list[Key] = []
        for table in tables:
            own = primary(self.schema, table)
            named = [f for f in label(self.schema, table) if f in fields and naming(f)]
            if own is None or own in fields or not named or not self.source.multiplies(table):
                continue
            name = self.source.column(own)
            out.append(Key(Col(name), name))
        return tuple(out)

    def _having(self, measure: Agg, op: object, value: object, measures: Measures) -> Test:
        name = Col(measures.name(measure))
        if isinstance(value, Query):
            node, columns = self.inner(value).shown()
            where = Compare(op, name, Col(columns[0]))  # type: ignore[arg-type]
            return Test(where, (Onto(node, "", "", How.CROSS),))
        return Test(Compare(op, name, Lit(value)), ())  # type: ignore[arg-type]

    # --- rows ----------------------------------------------------------------------------------

    def _listed(self, prepared: Sequence[Test]) -> tuple[Node, list[str]]:
        derived: dict[Item, str] = {}
        pairs: list[tuple[str, Expr]] = []
        for i in (*self.q.items, *(b for b, _ in self.q.order), *self.q.per):
            if i in derived or isinstance(i, Place):
                continue
            number = i not in self.q.items
            expr = self.rename.expr(i, number=number)  # type: ignore[arg-type]
            if isinstance(expr, Col):
                derived[i] = expr.name
            else:
                derived[i] = self.names.fresh(item_name(i, self.source.columns))
                pairs.append((derived[i], expr))
        places = [i for i in self.q.items if isinstance(i, Place)]
        derived.update({i: self.names.fresh("rank") for i in places})
        shown = [derived[i] for i in self.q.items]
        ordered = [(derived[b], d) for b, d in self.q.order]
        if ordered and not self.q.distinct and all(b != POSITION for b, _ in self.q.order):
            # Rows that are equal stay in the order of their file.
            ordered.append((self.source.position(self._listed_table(), numbered=False), False))
        node = self._rows(prepared)
        for name, expr in pairs:
            node = Derive(node, name, expr)
        for i in places:
            key = SortKey(derived[i.of], i.descending)
            node = Window(node, derived[i], WindowFunc.RANK, None, (), (key,))
        per = [derived[k] for k in self.q.per]
        return self._cut(node, shown, ordered, per)

    def _different(
        self, node: Node, shown: list[str], keys: tuple[SortKey, ...]
    ) -> tuple[Node, list[str]]:
        """Different rows, in the order of the smallest (or largest) value that is not shown."""
        hidden = [k for k in keys if k.name not in shown]
        if not hidden:
            node = Project(node, tuple(shown), distinct=True)
        else:
            ends = [Func.MAX if k.descending else Func.MIN for k in hidden]
            names = [
                self.names.fresh(f"{f.value}_{k.name}") for f, k in zip(ends, hidden, strict=True)
            ]
            measures = [
                Measure(f, Col(k.name), n) for f, k, n in zip(ends, hidden, names, strict=True)
            ]
            node = Aggregate(node, tuple(Key(Col(n), n) for n in shown), tuple(measures))
            renamed = dict(zip((k.name for k in hidden), names, strict=True))
            keys = tuple(SortKey(renamed.get(k.name, k.name), k.descending) for k in keys)
        node = Sort(node, keys) if keys else node
        node = Limit(node, self.q.limit) if self.q.limit is not None else node
        return (Project(node, tuple(shown)) if hidden else node), shown

    def _listed_table(self) -> str:
        """The table whose rows are listed: that of the first thing that is shown."""
        names = [n for i in self.q.items for n in columns_in(i) if n in self.schema.fields]
        return self.schema.fields[names[0]].table.name if names else self.source.tables[0]

    def _cut(
        self,
        node: Node,
        shown: list[str],
        ordered: list[tuple[str, bool]],
        per: Sequence[str] = (),
    ) -> tuple[Node, list[str]]:
        q = self.q
        keys = tuple(SortKey(n, d) for n, d in ordered)
        if q.distinct and q.offset:
            node = Project(node, tuple(shown), distinct=True)
        if q.limit is not None and (per or q.offset) and keys:
            place = self.names.fresh("place")
            node = Window(node, place, WindowFunc.ROW_NUMBER, None, tuple(per), keys)
            low, high = q.offset + 1, q.offset + q.limit
            test = AllOf(
                (
                    Compare(_GE, Col(place), Lit(low)),
                    Compare(_LE, Col(place), Lit(high)),
                )
            )
            node = Filter(node, test)
            return Project(Sort(node, keys), tuple(shown)), shown
        if q.distinct and not grouped(q):
            return self._different(node, shown, keys)
        if keys:
            present = self._present(keys[0].name, shown)
            if q.limit is not None and not counted(node, present):
                node = Filter(node, Not(IsNull(Col(present))))
            node = Sort(node, keys)
        if q.limit is not None:
            node = Limit(node, q.limit)
        return Project(node, tuple(shown)), shown

    def _present(self, key: str, shown: Sequence[str]) -> str:
        """A missing value is neither the most nor the least; an end of the file always has one."""
        return shown[0] if key in self.source.positions.values() else key


_GE, _LE = CompareOp.GE, CompareOp.LE
