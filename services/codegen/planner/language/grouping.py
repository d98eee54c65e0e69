"""How a query groups and orders where the question left it open."""

from collections.abc import Sequence

from services.codegen.planner.language.clocked import clocked_order
from services.codegen.planner.language.defaults import (
    default_func,
    numeric_item,
)
from services.codegen.planner.language.describe import said
from services.codegen.planner.language.labels import primary
from services.codegen.planner.language.query import (
    Agg,
    Item,
    columns_in,
    grouped,
    is_expr,
    measures_in,
)
from services.codegen.planner.language.shown import Showing
from services.codegen.planner.language.tables import single
from services.codegen.planner.plan import (
    Arith,
    Bucket,
    Col,
    Func,
)


class Grouping(Showing):
    """Keys, measures and order."""

    def _ranked_groups(self) -> None:
        """`top 3 cities by sales`: where a city has several rows, each city is a group."""
        q = self.q
        measured = [i for i in q.items if any(True for _ in measures_in(i))]
        if self.r.topped is not None and q.limit and not q.order and measured:
            # `flights by city, top 10`
            q.order = [(measured[-1], self.r.topped)]
        if q.totals and q.order and q.keys == q.items and numeric_item(q.order[0][0], self.schema):
            # `which month is the wettest`: by what the month adds up to.
            by, descending = q.order[0]
            q.order[0] = (Agg(default_func(by, self.schema), by, assumed=True), descending)  # type: ignore[arg-type]
        if not (q.totals and q.order and q.items) or grouped(q) or q.keys:
            return
        by = q.order[0][0]
        mine = [self.schema.fields[n] for i in q.items for n in columns_in(i)]
        theirs = {self.schema.fields[n].table.name for n in columns_in(by)}
        if (
            not mine
            or not numeric_item(by, self.schema)
            or not all(isinstance(i, Col) for i in q.items)
        ):
            return
        repeats = [f for f in mine if f.profile.distinct < 0.5 * max(f.table.sampled_rows, 1)]
        others = theirs - {f.table.name for f in mine}
        many = others and not all(
            single(self.schema, mine[0].table.name, t, self.r.stems) for t in others
        )
        if not many and (len(repeats) < len(mine) or any(f.numeric for f in mine)):
            return
        q.keys = [i for i in q.items if isinstance(i, Col)]
        if not is_expr(by):
            return
        measure = Agg(default_func(by, self.schema), by, assumed=True)
        q.order[0] = (measure, q.order[0][1])
        word = "average" if measure.func is Func.AVG else "total"
        self.done.note(f"ranked by {said(by, self.schema)}: took the {word}", 0.05)

    def _groups(self) -> None:
        q = self.q
        measured = any(True for i in (*q.items, *(b for b, _ in q.order)) for _ in measures_in(i))
        listed = not (measured or q.having or q.distinct or self.r.cut)
        if q.keys and q.items and q.order and q.limit and listed:
            self._top_of_each()
        if q.group_tables and q.items and not (measured or q.having):
            # `the name for each student` is a list: nothing is measured.
            self._best_of_each()
            q.tables += [t for t in q.group_tables if t not in q.tables]
            q.group_tables = []
        for table in q.group_tables:
            shown = {n for i in q.items for n in columns_in(i)}
            own = [Col(f.key) for f in self.schema.of(table) if f.key in shown]
            own = [c for c in own if c in q.items]
            if own:
                q.keys += [c for c in own if c not in q.keys]
            else:
                names = self._label(table)
                q.keys += names
        if not grouped(q):
            if any(self._tells(k) for k in q.keys) and any(i not in q.keys for i in q.items):
                # `the hours on each project`: every row is of one.
                q.keys = []
            if q.keys and not q.distinct:
                q.items = [*(k for k in q.keys if k not in q.items), *q.items]
                numbers = [i for i in q.items if isinstance(i, Col | Arith) and i not in q.keys]
                self._aggregated(numbers)
            return
        plain = [i for i in q.items if not any(True for _ in measures_in(i))]
        if q.keys:
            wanted = self._asks_for_keys()
            if wanted:
                q.items = [*(k for k in q.keys if k not in q.items), *q.items]
            q.keys += [p for p in plain if isinstance(p, Col | Bucket) and p not in q.keys]
        elif plain and (len(plain) < len(q.items) or q.order or q.having):
            q.keys = [p for p in plain if isinstance(p, Col | Bucket)]
        elif q.having and not plain:
            table = self._entity()
            q.keys = list(self._label(table))

    def _best_of_each(self) -> None:
        """`the name and price of the most expensive product of each maker`: one row for each."""
        q = self.q
        if q.limit is None or not q.order:
            return
        keys = [primary(self.schema, t) for t in q.group_tables]
        q.per += [Col(k.key) for k in keys if k is not None]

    def _top_of_each(self) -> None:
        """`the cheapest product of each category`: so many rows for each value of the keys."""
        q = self.q
        q.items = [*(k for k in q.keys if k not in q.items), *q.items]
        q.per, q.keys = [*q.per, *q.keys], []

    def _asks_for_keys(self) -> bool:
        """`average price by city` shows the cities; `the city with most …` what it asks for."""
        return any(any(True for _ in measures_in(i)) for i in self.q.items)

    def _aggregated(self, numbers: Sequence[Item]) -> None:
        """`sales by region`: a number within groups is added up, or averaged."""
        q = self.q
        if not numbers or not all(numeric_item(n, self.schema) for n in numbers):
            return
        keys = [self.schema.fields.get(k.name) for k in q.keys if isinstance(k, Col)]
        if any(k is not None and k.unique for k in keys):
            return
        for n in numbers:
            func = default_func(n, self.schema)
            q.items[q.items.index(n)] = Agg(func, n, assumed=True)  # type: ignore[arg-type]
            word = "average" if func is Func.AVG else "total"
            self.done.note(
                f"no function was named for {said(n, self.schema)}: took the {word}", 0.1
            )

    def _order(self) -> None:
        q = self.q
        if self.r.alphabetical and q.items and not q.order:
            q.order = [(q.items[0], False)]
        if not grouped(q):
            clocked_order(q, self.schema)
            return
        self._sorted_by_group()
        if not q.order and q.limit is None:
            q.order = [(k, False) for k in q.keys if k in q.items]
        fixed: list[tuple[Item, bool]] = []
        for by, descending in q.order:
            fixed.append((self._measured(by), descending))
        q.order = fixed

    def _sorted_by_group(self) -> None:
        """`total quantity ordered by country`: one total has no order, but each country has one."""
        q = self.q
        texts = [b for b, _ in q.order if isinstance(b, Col) and not numeric_item(b, self.schema)]
        if not q.keys and q.limit is None and texts and len(texts) == len(q.order):
            q.keys = list(texts)
            q.items = [*texts, *q.items]

    def _measured(self, by: Item) -> Item:
        """In groups an order goes by a key or a measure: of a bare column its total."""
        q = self.q
        if not isinstance(by, Col | Arith) or by in q.keys:
            return by
        same = [i for i in q.items if isinstance(i, Agg) and i.of == by]
        if same:
            return same[0]
        return Agg(default_func(by, self.schema), by, assumed=True)
