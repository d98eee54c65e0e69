"""What the question left unsaid: what to show, how to group, how conditions go together."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from services.codegen.planner.language.clock import seasonal
from services.codegen.planner.language.clocked import clocked_order
from services.codegen.planner.language.defaults import (
    default_func,
    function_said,
    numeric_item,
    row_counts,
)
from services.codegen.planner.language.describe import said
from services.codegen.planner.language.hints import asked_fields
from services.codegen.planner.language.labels import identified, label, primary
from services.codegen.planner.language.lookups import single_row
from services.codegen.planner.language.nested import Nested
from services.codegen.planner.language.parts import parted, timed
from services.codegen.planner.language.query import (
    Agg,
    Cond,
    Every,
    Item,
    Place,
    Query,
    columns_in,
    grouped,
    is_expr,
    measures_in,
    query_columns,
)
from services.codegen.planner.language.reader import Reader
from services.codegen.planner.language.rule_places import timely
from services.codegen.planner.language.sides import contrasted, pivoted
from services.codegen.planner.language.tables import single
from services.codegen.planner.language.totals import without_totals
from services.codegen.planner.plan import (
    Arith,
    Bucket,
    Col,
    Compare,
    CompareOp,
    Expr,
    Func,
)
from services.codegen.planner.schema import Field, Schema


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


def complete(q: Query, r: Reader) -> Completed:
    """The whole query. Never fails: what cannot be right costs `penalty`."""
    done = Completed(q)
    _Completing(done, r).run()
    return done


class _Completing:
    def __init__(self, done: Completed, r: Reader) -> None:
        self.done, self.q, self.r = done, done.q, r
        self.schema: Schema = r.schema

    def run(self) -> None:
        q = self.q
        nested = Nested(q, self.r)
        nested.conditions()
        parted(q, self.r)
        contrasted(q, self.r)
        self._functions()
        number = single_row(q, self.r)
        if number:
            self.done.note(f"one row is named: took its {number!r}", 0.05)
        self._shown()
        self._each_once()
        nested.top_rows()
        nested.once()
        nested.shared()
        self._ranked_groups()
        if self.r.ranked and q.order:
            q.items.append(Place(*q.order[0]))
        for note in timed(q, self.r):
            self.done.note(note, 0.05)
        if self.r.seasonal and not seasonal(q):
            self.done.penalty += 0.2
        self._groups()
        self._order()
        pivoted(q, self.r, self.schema)
        if q.order:
            by = q.order[0][0]
            q.items = [replace(i, of=by) if isinstance(i, Place) else i for i in q.items]
        for note in row_counts(q, self.schema):
            self.done.note(note, 0.02)
        totals = without_totals(q, self.schema)
        if totals:
            self.done.note(f"left out the totals that {totals!r} labels")
        self._sane()

    # --- measures ------------------------------------------------------------------------------

    def _functions_in_names(self) -> None:
        """`max temp` names `temp_max`: the word is the function, said in its own place."""
        q = self.q
        for at, i in enumerate(q.items):
            f = self.schema.fields.get(i.name) if isinstance(i, Col) else None
            func = function_said(self.r.texts.get(f.key, ""), f) if f is not None else None
            if f is None or func is None or i in q.keys or q.order or q.limit is not None:
                continue
            text = self.r.texts[f.key]
            q.items[at] = Agg(func, Col(f.key))
            self.done.note(f"read {text!r} as the {func.value} of {f.name!r}", 0.05)

    def _each_once(self) -> None:
        """`which species`, `regions alphabetically`: a bare column is a list of its values."""
        q = self.q
        first = q.items[0] if len(q.items) == 1 else None
        only = self.schema.fields.get(first.name) if isinstance(first, Col) else None
        if only is None or q.where or q.limit or q.tables or q.keys or q.combine:
            return
        if any(by != first for by, _ in q.order):
            return
        repeats = only.profile.distinct < 0.2 * max(only.table.sampled_rows, 1)
        if repeats and not only.numeric and not only.is_date and len(self.schema.tables) == 1:
            q.distinct = True
            self.done.note("listed each different value once", 0.02)

    def _functions(self) -> None:
        self._functions_in_names()
        self.q.items = [self._settled(i) for i in self.q.items]

    def _settled(self, i: Item) -> Item:
        """`how many points` is the column's value; added up only where there are groups."""
        if not isinstance(i, Agg) or not i.assumed or not isinstance(i.of, Col):
            return i
        f = self.schema.fields.get(i.of.name)
        if f is None:
            return i
        fixed = {n for c in self.q.where for n in _fixed(c.cond)}
        if f.key in fixed and not f.numeric and not self.q.keys:
            # `how many placed in the top group`: the column says which rows are counted.
            return Agg(Func.COUNT)
        if i.func is Func.SUM and not (self.q.keys or self.q.group_tables):
            if not self.q.where:
                return i
            self.done.valued = True
            self.done.note(f"read {i.noun!r} as the value of {f.name!r}, not as a count of rows")
            return i.of
        category = (
            (not f.numeric or timely(f)) and not f.unique and not self.q.where and not self.q.having
        )
        if i.func is Func.COUNT and category and not (self.q.keys or self.q.group_tables):
            # `how many colours are there`: each one counts once.
            return replace(i, func=Func.COUNT_DISTINCT)
        return i

    # --- what is shown -------------------------------------------------------------------------

    def _shown(self) -> None:
        q = self.q
        fixed = {n for c in q.where for n in _fixed(c.cond)}
        if self._person_missed():
            q.items = [c for c in self._label(self._entity()) if c.name not in fixed] or q.items
        if q.whole and not q.items:
            table = self._entity()
            q.items = [Col(f.key) for f in self.schema.of(table)]
            return
        self._when_or_where()
        self._not_given(fixed)
        if q.items:
            return
        if q.keys and self._best_per_key():
            return
        if q.keys:
            self._counted_groups()
            return
        if self._counted_by_table():
            return
        if q.group_tables and q.order:
            q.items = [*self._label(q.group_tables[0])]
            return
        found = self._asked()
        if found is not None:
            q.items = [Col(found.key)]
            return
        table = self._entity()
        if not table:
            self.done.penalty += 1.0
            return
        label = self._label(table) if identified(self.schema, table) else []
        numbered = all(self.schema.fields[c.name].numeric for c in label)
        if numbered and not (self.r.wh or self.r.stems & _NUMBERED):
            label = []
        label = [c for c in label if c.name not in fixed] or (self._key(table) if label else [])
        if label and (q.entity or self.r.wh or q.limit == 1):
            q.items = list(label)
            self.done.note(f"each of {table} is named by {label[0].name.split('.', 1)[1]!r}", 0.1)
        else:
            q.items = [Col(f.key) for f in self.schema.of(table)]
            self.done.note(f"listed all columns of {table}", 0.15)

    def _person_missed(self) -> bool:
        """`who ranked first`, `who was hired in 2021`: a number or a date is nobody."""
        if self.r.wh != "person" or len(self.q.items) != 1 or self.q.keys:
            return False
        item = self.q.items[0]
        field = self.schema.fields.get(item.name) if isinstance(item, Col) else None
        if field is None:
            return False
        tested = field.is_date and any(field.key in columns_in(c) for c in self.q.where)
        return tested or ((field.numeric or field.dated) and len(self.schema.tables) == 1)

    def _not_given(self, fixed: set[str]) -> None:
        """Nobody asks for what the question itself says: another column that was named is meant."""
        q = self.q
        if len(q.items) != 1 or not isinstance(q.items[0], Col) or q.items[0].name not in fixed:
            return
        loose = [s.options[0].field for s in self.r.loose if s.options]
        found = next((f for f in loose if f.key not in fixed), None)
        if found is not None:
            q.items = [Col(found.key)]
            return
        table = self._entity()
        named = [f for f in label(self.schema, table) if f.key not in fixed] if table else []
        if named and named[0].profile.type.value == "string":
            q.items = [Col(f.key) for f in named]

    def _when_or_where(self) -> None:
        """`when was the school founded`: the school is not what is asked for."""
        q, kind = self.q, self.r.wh
        if kind not in ("time", "place") or len(q.items) != 1 or not isinstance(q.items[0], Col):
            return
        f = self.schema.fields.get(q.items[0].name)
        fits = {x.key for x, _ in asked_fields(self.r, kind, ())}
        if f is None or f.key in fits or f.is_date:
            return
        loose = [s.options[0].field for s in self.r.loose if s.options]
        found = next((x for x in loose if x.key in fits), None)
        if found is not None:
            q.items = [Col(found.key)]

    def _best_per_key(self) -> bool:
        """`largest loan in each status`: the first rows within each value of the keys."""
        q = self.q
        by = q.order[0][0] if q.order else None
        if by is None or q.limit is None or any(True for _ in measures_in(by)) or by in q.keys:
            return False
        tables = [
            self.schema.fields[n].table.name for n in columns_in(by) if n in self.schema.fields
        ]
        mine = q.entity or next(iter(tables), "")
        if not mine:
            return False
        q.per, q.keys = list(q.keys), []
        named = self._label(mine) if identified(self.schema, mine) else []
        if not named or all(self.schema.fields[c.name].numeric for c in named):
            named = [Col(f.key) for f in self.schema.of(mine)]
        q.items = [*(k for k in q.per if k not in named), *named]
        return True

    def _counted_groups(self) -> None:
        """`strikes by state`: groups of rows with nothing measured are counted."""
        q = self.q
        q.items = list(q.keys)
        tables = self._tables() or list(self.schema.tables)
        mine = q.entity or tables[0]
        if q.distinct or all(isinstance(k, Col) and self._names(k, mine) for k in q.keys):
            return
        q.items.append(Agg(Func.COUNT, None, mine, self.r.nouns.get(mine, "")))
        self.done.note(f"no measure was named: counted rows of {mine}", 0.05)

    def _counted_by_table(self) -> bool:
        """`employees per department`: rows of one table for each of another are counted."""
        q = self.q
        listed = self.r.wh or q.order or q.limit is not None or q.having
        if not q.group_tables or listed or not q.entity or q.entity in q.group_tables:
            return False
        if self.r.asking:
            return False
        q.items = [Agg(Func.COUNT, None, q.entity, self.r.nouns.get(q.entity, ""))]
        self.done.note(f"no measure was named: counted rows of {q.entity}", 0.05)
        return True

    def _names(self, key: Col, table: str) -> bool:
        f = self.schema.fields.get(key.name)
        return f is not None and (f.unique or f in label(self.schema, table))

    def _asked(self) -> Field | None:
        """`who`, `when`, `where`: the column that the question word asks for."""
        q, kind = self.q, self.r.wh
        if not kind or kind in ("thing", "many"):
            return None
        used = {n for c in q.where for n in columns_in(c.cond)}
        if kind != "time":
            # `when did it first happen`: the time that orders is what is asked for.
            used |= {n for by, _ in q.order for n in columns_in(by)}
        loose = [s.options[0].field for s in self.r.loose if s.options]
        fits = {f.key for f, _ in asked_fields(self.r, kind, ())}
        for f in loose:
            if f.key in fits and f.key not in used:
                return f
        tables = [q.entity] if q.entity else self._tables()
        found = [(f, s) for f, s in asked_fields(self.r, kind, tables) if f.key not in used]
        if not found and tables:
            found = [(f, s) for f, s in asked_fields(self.r, kind, ()) if f.key not in used]
        if not found:
            return None
        self.done.note(f"read the question word as column {found[0][0].name!r}", 1 - found[0][1])
        return found[0][0]

    def _tables(self) -> list[str]:
        keys = [n for n in query_columns(self.q) if n in self.schema.fields]
        used = [self.schema.fields[n].table.name for n in keys]
        return list(dict.fromkeys([*self.q.tables, *used]))

    def _entity(self) -> str:
        if self.q.entity:
            return self.q.entity
        tables = self._tables() or (
            list(self.schema.tables) if len(self.schema.tables) == 1 else []
        )
        return tables[0] if tables else ""

    def _label(self, table: str) -> list[Col]:
        return [Col(f.key) for f in label(self.schema, table)]

    def _key(self, table: str) -> list[Col]:
        key = primary(self.schema, table)
        return [Col(key.key)] if key is not None else []

    # --- groups --------------------------------------------------------------------------------

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
        if q.keys and q.items and q.order and q.limit and not (measured or q.having or q.distinct):
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

    def _tells(self, key: Expr) -> bool:
        f = self.schema.fields.get(key.name) if isinstance(key, Col) else None
        return f is not None and (f.unique or f.identifier)

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

    # --- order ---------------------------------------------------------------------------------

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

    # --- sanity --------------------------------------------------------------------------------

    def _sane(self) -> None:
        q = self.q
        fixed = {n for c in q.where for n in _fixed(c.cond)}
        for i in q.items:
            if isinstance(i, Col) and i.name in fixed:
                self.done.penalty += 0.35
            if isinstance(i, Agg) and isinstance(i.of, Col) and i.func in _NUMERIC:
                f = self.schema.fields.get(i.of.name)
                if f is not None and not (f.numeric or f.profile.first_number > 0.7):
                    self.done.penalty += 0.5
        if len(set(map(repr, q.items))) < len(q.items):
            self.done.penalty += 0.3
            q.items = list({repr(i): i for i in q.items}.values())


_NUMBERED = frozenset({"number", "id", "code"})
"""Stems of words that ask for the key of a row."""
_NUMERIC = (Func.SUM, Func.AVG)


def _fixed(c: Cond) -> list[str]:
    """Columns that a condition sets to one value."""
    match c:
        case Compare(op=CompareOp.EQ, left=Col(name=name)):
            return [name]
        case Every(of=parts):
            return [n for p in parts for n in _fixed(p)]
    return []
