"""What is shown where the question left it open."""

from dataclasses import replace

from services.codegen.planner.language.completing import Completing, fixed_columns
from services.codegen.planner.language.defaults import (
    function_said,
)
from services.codegen.planner.language.hints import asked_fields
from services.codegen.planner.language.labels import identified, label
from services.codegen.planner.language.query import (
    Agg,
    Item,
    columns_in,
    measures_in,
)
from services.codegen.planner.language.rule_places import timely
from services.codegen.planner.plan import (
    Col,
    Expr,
    Func,
)
from services.codegen.planner.schema import Field

_NUMBERED = frozenset({"number", "id", "code"})


class Showing(Completing):
    """Items: those that were asked for, else what the rows are called by."""

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
        fixed = {n for c in self.q.where for n in fixed_columns(c.cond)}
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

    def _shown(self) -> None:
        q = self.q
        fixed = {n for c in q.where for n in fixed_columns(c.cond)}
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

    def _tells(self, key: Expr) -> bool:
        f = self.schema.fields.get(key.name) if isinstance(key, Col) else None
        return f is not None and (f.unique or f.identifier)
