"""The tables of one query, joined, with every column that it reads under a name of its own."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from arclight.catalog.profile import ColumnType
from services.codegen.planner.join_paths import JoinTree, connect
from services.codegen.planner.keys import KeyEdge, key_graph
from services.codegen.planner.language.problem import CannotBuild
from services.codegen.planner.language.query import Query, columns_in, measures_in, query_columns
from services.codegen.planner.names import Names
from services.codegen.planner.plan import Clean, Join, Node, ReadColumn, Scan
from services.codegen.planner.schema import Field, Schema, snake


@dataclass
class Source:
    """The joined tables of one query. `columns`: field key → plan-wide name."""

    schema: Schema
    names: Names
    tree: JoinTree
    columns: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    """Field key → name of its cells read as numbers or dates, for text that holds them."""
    positions: dict[str, str] = field(default_factory=dict)
    """Table → name of the column with the place of a row in its file."""
    numbered: set[str] = field(default_factory=set)
    wanted: dict[str, list[ReadColumn]] = field(default_factory=dict)

    @property
    def tables(self) -> list[str]:
        return [self.tree.first, *(s.right.table.name for s in self.tree.steps)]

    def column(self, f: Field) -> str:
        """The name of the cells as they stand."""
        if f.key not in self.columns:
            name = self.names.fresh(self._plain(f))
            clean, formats = (Clean.NONE, ())
            self.columns[f.key] = name
            self._want(f, ReadColumn(f.name, f.profile.type, name, clean, formats))
        return self.columns[f.key]

    def number(self, f: Field) -> str:
        """The name of the cells as numbers."""
        if f.profile.type is not ColumnType.STRING:
            return self.column(f)
        if f.key not in self.numbers:
            clean = Clean.NUMBER if f.textual_number else Clean.FIRST_NUMBER
            name = self.names.fresh(self._plain(f) + "_number" * (f.key in self.columns))
            self.numbers[f.key] = name
            self._want(f, ReadColumn(f.name, ColumnType.DOUBLE, name, clean))
        return self.numbers[f.key]

    def date(self, f: Field) -> str:
        """The name of the cells as dates, for text that holds dates."""
        if f.key not in self.numbers:
            name = self.names.fresh(self._plain(f) + "_date" * (f.key in self.columns))
            self.numbers[f.key] = name
            formats = f.profile.date_formats
            self._want(f, ReadColumn(f.name, _date_type(formats), name, Clean.DATE, formats))
        return self.numbers[f.key]

    def position(self, table: str, *, numbered: bool = True) -> str:
        """The name of the column with a row's place in its file; see `Scan.numbered`."""
        if table not in self.positions:
            self.positions[table] = self.names.fresh("position" if numbered else "file_order")
        if numbered:
            self.numbered.add(table)
        return self.positions[table]

    def _plain(self, f: Field) -> str:
        name = snake(f.name)
        others = [g for g in self.schema.fields.values() if snake(g.name) == name]
        shared = [g for g in others if g.table.name in self.tables]
        return name if len(shared) < 2 else f"{snake(f.table.name)}_{name}"

    def _want(self, f: Field, column: ReadColumn) -> None:
        self.wanted.setdefault(f.table.name, []).append(column)

    def node(self) -> Node:
        """The scans and joins, once every column has been asked for."""
        keys = [(self.column(s.left), self.column(s.right)) for s in self.tree.steps]
        more = [tuple((self.column(a), self.column(b)) for a, b in s.more) for s in self.tree.steps]
        node: Node = self._scan(self.tree.first)
        for step, (left, right), further in zip(self.tree.steps, keys, more, strict=True):
            node = Join(node, self._scan(step.right.table.name), left, right, more=further)
        return node

    def _scan(self, table: str) -> Scan:
        columns = self.wanted.get(table)
        if not columns:
            self.column(self.schema.of(table)[0])
            columns = self.wanted[table]
        order = {f.name: i for i, f in enumerate(self.schema.of(table))}
        ordered = sorted(columns, key=lambda c: order[c.name])
        position, numbered = self.positions.get(table, ""), table in self.numbered
        return Scan(self.schema.tables[table], tuple(ordered), position, numbered)

    def multiplies(self, table: str) -> bool:
        """True when one row of `table` may stand in several rows of the join."""
        reached, grown = {table}, True
        steps = list(self.tree.steps)
        while grown:
            grown = False
            for s in list(steps):
                a, b = s.left, s.right
                if b.table.name in reached:
                    a, b = b, a
                if a.table.name not in reached:
                    continue
                if s.edge.many.table.name == b.table.name and not s.edge.many.unique:
                    return True
                if not s.edge.safe and not s.edge.declared:
                    return True
                reached.add(b.table.name)
                steps.remove(s)
                grown = True
        return False


def _date_type(formats: Iterable[str]) -> ColumnType:
    timed = any(code in f for f in formats for code in ("%H", "%I"))
    return ColumnType.TIMESTAMP if timed else ColumnType.DATE


def told(q: Query, schema: Schema) -> list[KeyEdge]:
    """Edges whose column a condition is about: the friends of Bob are not joined by being Bob."""
    graph = key_graph(schema)
    said = {n for c in q.where for n in columns_in(c)}
    out = []
    for edge in graph.edges:
        many, one = edge.many, edge.one
        others = [e for e in graph.between(many.table.name, one.table.name) if e is not edge]
        if many.key in said and any(e.many.key not in said and e.one is one for e in others):
            out.append(edge)
    return out


def source_of(
    q: Query,
    schema: Schema,
    names: Names,
    extra: Iterable[str] = (),
    roles: Collection[str] = (),
) -> Source:
    """The source of a query's columns. Raises CannotBuild where tables cannot be joined."""
    keys = [n for n in query_columns(q) if n in schema.fields]
    used = [schema.fields[n].table.name for n in keys]
    counted = [m.table for i in (*q.items, *(b for b, _ in q.order)) for m in measures_in(i)]
    counted += [h.measure.table for h in q.having]
    tables = list(
        dict.fromkeys([*used, *filter(None, counted), *q.group_tables, *q.tables, *extra])
    )
    if not tables:
        tables = list(schema.tables)[:1] if len(schema.tables) == 1 else []
    if not tables:
        listed = ", ".join(schema.tables)
        raise CannotBuild(f"The question does not say which table: {listed}.", "Name one of them.")
    tree = connect(key_graph(schema), tables, roles=roles, avoid=told(q, schema))
    if tree is None:
        joined = " and ".join(tables)
        raise CannotBuild(
            f"No columns were found by which {joined} belong together.",
            f"Say which columns join them, as in `join {tables[0]} and {tables[-1]} on …`.",
        )
    return Source(schema, names, tree)
