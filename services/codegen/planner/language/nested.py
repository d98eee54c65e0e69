"""Questions within a question: none of its rows, the rows of the top one, a row of each kind."""

from dataclasses import replace

from services.codegen.planner.language.conditions import conditions, contradiction
from services.codegen.planner.language.labels import naming, primary
from services.codegen.planner.language.query import (
    Agg,
    Clause,
    Cond,
    Item,
    Linked,
    Query,
    Un,
    columns_in,
    grouped,
    measures_in,
)
from services.codegen.planner.language.reader import Reader, plural
from services.codegen.planner.language.several import rows_of_their_own
from services.codegen.planner.language.tables import single
from services.codegen.planner.plan import Col, Func, SetOp


class Nested:
    """Turns what one row cannot answer into queries of their own."""

    def __init__(self, q: Query, r: Reader) -> None:
        self.q, self.r, self.schema = q, r, r.schema

    def conditions(self) -> None:
        """Alternatives are joined; what is denied of another table's rows holds for all of them."""
        self._inner(self.q)
        self.q.where = conditions(self.q.where, self._many)
        rows_of_their_own(self.q, self.r, self._mine())
        self._none_of()
        self._of_the_same()

    def _inner(self, q: Query) -> None:
        for c in q.where:
            inner = getattr(c.cond, "query", None)
            if isinstance(inner, Query):
                inner.where = conditions(inner.where)
                self._top_inside(c.cond)
                self._inner(inner)

    def _top_inside(self, c: Cond) -> None:
        """`not working on the longest project`: the top one is found first, then who has it."""
        if not isinstance(c, Linked) or c.key is not None or not c.query.order or not c.table:
            return
        own, inner = primary(self.schema, c.table), c.query
        if own is None:
            return
        key = Col(own.key)
        top = Query(items=[key], order=inner.order, limit=inner.limit or 1, tables=[c.table])
        if any(True for _ in measures_in(inner.order[0][0])):
            top.keys = [key]
        inner.order, inner.limit = [], None
        inner.where.append(Clause(Linked(top, False, c.table, key)))

    def _tables_of(self, thing: object) -> list[str]:
        names = [n for n in columns_in(thing) if n in self.schema.fields]
        return list(dict.fromkeys(self.schema.fields[n].table.name for n in names))

    def _asked(self) -> list[str]:
        """Tables of what is shown."""
        return list(dict.fromkeys(t for i in self.q.items for t in self._tables_of(i)))

    def _mine(self) -> str:
        return next(iter([*self._asked(), self.q.entity, *self.q.tables]), "")

    def _many(self, name: str) -> bool:
        """True when one of the things that are asked for may have several of this column."""
        f = self.schema.fields.get(name)
        mine = next(iter(self._asked()), self.q.entity)
        return f is not None and bool(mine) and f.table.name != mine

    def _none_of(self) -> None:
        """`customers without a credit card`: no card of the customer is one."""
        q, mine = self.q, self._mine()
        for at, c in enumerate(q.where):
            if not (c.negated and isinstance(c.cond, Un)) or isinstance(c.cond.of, Linked):
                continue
            tables = self._tables_of(c.cond)
            if len(tables) != 1 or mine in tables or not mine:
                continue
            if single(self.schema, mine, tables[0], self.r.stems):
                continue
            inner = Query(tables=tables, where=[Clause(c.cond.of)])
            q.where[at] = Clause(Linked(inner, True, tables[0]))
            q.tables = [t for t in q.tables if t != tables[0]]

    def _of_the_same(self) -> None:
        """`countries that never had a friendly match`: none of the rows with the same country."""
        q = self.q
        if len(q.items) != 1 or not isinstance(q.items[0], Col):
            return
        item = q.items[0]
        mine = self._asked()
        for at, c in enumerate(q.where):
            link = c.cond
            if isinstance(link, Linked) and link.key is None and [link.table] == mine:
                inner = link.query.copy()
                inner.items = [item]
                q.where[at] = replace(c, cond=replace(link, query=inner, key=item))
                q.distinct = True

    def shared(self) -> None:
        """`both A and B` of one column: no row has both, but one thing may have a row of each."""
        q = self.q
        pair = contradiction(q.where)
        if pair is None or q.combine is not None or grouped(q):
            return
        other = q.copy()
        other.where = [c for c in q.where if c is not pair[0]]
        q.where = [c for c in q.where if c is not pair[1]]
        q.combine = (SetOp.INTERSECT, other)

    def once(self) -> None:
        """`authors who wrote papers on physics`: papers only relate them: each is listed once."""
        q, asked = self.q, self._asked()
        plain = all(isinstance(i, Col) for i in q.items)
        if len(asked) != 1 or not plain or grouped(q) or q.combine:
            return
        tested = {t for c in q.where for t in self._tables_of(c.cond)}
        passed = [t for t in q.tables if t not in tested and t != asked[0]]
        if any(not single(self.schema, asked[0], t, self.r.stems) for t in passed):
            q.distinct = True

    def counted(self) -> None:
        """`how many customers have 3 orders or more`: those that have them are counted."""
        q = self.q
        item = q.items[0] if len(q.items) == 1 else None
        plain = isinstance(item, Agg) and item.func is Func.COUNT and item.of is None
        if not q.having or not plain or q.keys or q.group_tables or not isinstance(item, Agg):
            return
        others = {t for h in q.having for t in (*self._tables_of(h), h.measure.table) if t}
        if not item.table or not others or item.table in others:
            return
        theirs = [c for c in q.where if item.table not in self._tables_of(c.cond)]
        own = primary(self.schema, item.table)
        if own is None:
            return
        key = Col(own.key)
        inner = Query([key], theirs, [key], q.having, tables=[item.table, *sorted(others)])
        q.where = [c for c in q.where if c not in theirs]
        q.where.append(Clause(Linked(inner, False, "", key)))
        q.having, q.tables = [], [t for t in q.tables if t not in others]

    # --- the top one ---------------------------------------------------------------------------

    def top_rows(self) -> None:
        """`cities in the county with the most officers`: all cities of the first county."""
        q = self.q
        items = [i for i in q.items if isinstance(i, Col) and i.name in self.schema.fields]
        plain = bool(items) and len(items) == len(q.items)
        if not (plain and q.order) or q.limit is None or q.combine or q.having:
            return
        key = self._top_key(q.order[0][0])
        if key is None:
            return
        inner = Query(items=[key], order=q.order, limit=q.limit, tables=[*self._tables_of(key)])
        if any(True for _ in measures_in(q.order[0][0])):
            inner.keys = [key]
        q.order, q.limit, q.keys, q.group_tables = [], None, [], []
        q.distinct = q.distinct or not any(naming(self.schema.fields[i.name]) for i in items)
        q.where.append(Clause(Linked(inner, False, inner.tables[0], key)))

    def _top_key(self, by: Item) -> Col | None:
        """What tells the ranked things apart, where the rows asked for are of other things."""
        q, asked = self.q, self._asked()
        counted = any(True for _ in measures_in(by))
        if counted and len(q.keys) == 1 and isinstance(q.keys[0], Col) and not q.group_tables:
            return q.keys[0] if q.keys[0] not in q.items else None
        mine = q.ranked
        if q.keys or q.group_tables or not mine or mine in asked or len(asked) != 1:
            return None
        own = primary(self.schema, mine)
        if own is None or single(self.schema, mine, asked[0], self.r.stems):
            return None
        if not (counted or self._several(asked[0])) or not self._of(by, mine):
            return None
        return Col(own.key)

    def _of(self, by: Item, mine: str) -> bool:
        """True when what ranks is of the ranked things: their own column, or what they have."""
        tables = self._tables_of(by)
        return not tables or mine in tables or any(True for _ in measures_in(by))

    def _several(self, table: str) -> bool:
        """True when several rows are asked for."""
        said = [s.plural for s in self.r.slots if s.role == "item"]
        return any(said) or plural(self.r.nouns.get(table) or "it")
