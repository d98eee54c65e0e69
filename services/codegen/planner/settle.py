"""From frame to query: every mentioned thing gets its role."""

from services.codegen.planner.conditions import contradictions, predicates
from services.codegen.planner.counting import count_asked
from services.codegen.planner.frame import Entity, Frame, MeasureAsk, is_ratio
from services.codegen.planner.lexicon import Op, lexicon
from services.codegen.planner.overview import overview
from services.codegen.planner.parse import plain
from services.codegen.planner.plan import Bucket, Col, CompareOp, Expr, Func, Unit
from services.codegen.planner.query import Query
from services.codegen.planner.ranking import Ranking
from services.codegen.planner.schema import Schema

_SEASONAL = {
    Unit.MONTH: Unit.MONTH_OF_YEAR,
    Unit.QUARTER: Unit.QUARTER_OF_YEAR,
    Unit.WEEK: Unit.WEEK_OF_YEAR,
}


def settle(frame: Frame, schema: Schema) -> Query:
    """The query that the frame means. What finds no role is added to `frame.unplaced`."""
    return _Settling(frame, schema).query()


NOTHING = "(what to compute)"
"""Stands among the words that were not understood when a question asks for nothing."""


class _Settling(Ranking):
    """Each step gives the things that are left a role, the surest first."""

    def query(self) -> Query:
        frame, q = self.frame, self.q
        q.where = predicates(frame.conditions)
        frame.unplaced += contradictions(q.where)
        q.having = list(frame.having)
        q.limit = frame.limit
        q.words_of = frame.words_of
        if frame.words_of:
            return q
        if frame.usually:
            self._seasonal()
        q.measures = list(frame.measures)
        self._counted_entity()
        if frame.rank is None:
            self._functions_in_names()
        self._sorted_measures()
        if frame.rank is not None:
            self._rank(frame.rank)
        self._roles()
        self._order()
        q.measures = [count_asked(m, q, frame, self.schema) for m in q.measures]
        return q

    def _seasonal(self) -> None:
        """`usually`, `seasonal`: the month of any year."""
        changed = 0
        for entities in (self.keys, self.categories):
            for i, e in enumerate(entities):
                if isinstance(e.expr, Bucket) and e.expr.unit in _SEASONAL:
                    expr = Bucket(_SEASONAL[e.expr.unit], e.expr.of)
                    entities[i] = Entity(expr, None, e.plural, e.text)
                    changed += 1
        if not changed:
            self.frame.unplaced.append("usually")

    def _counted_entity(self) -> None:
        """`how many rainy days`: the bare count is of the one thing that was named."""
        bare = MeasureAsk(Func.COUNT)
        if bare not in self.q.measures or len(self.categories) != 1 or self.frame.rank:
            return
        entity = self.categories[0]
        if entity.field is not None or self.frame.row_entity:
            return
        self.categories = []
        if self._one_row_each(entity):
            dates = [f for f in self.schema.fields.values() if f.is_date]
            table = dates[0].table.name
            self.frame.note(f"each row of {table} is one {entity.text.removesuffix('s')}")
            counted = MeasureAsk(Func.COUNT, None, table, entity.text)
        else:
            counted = MeasureAsk(Func.COUNT_DISTINCT, entity.expr)
        self.q.measures = [counted if m == bare else m for m in self.q.measures]

    def _functions_in_names(self) -> None:
        """`total cost` and `max temp` name a column by a word that is a function as well."""
        for entity in list(self.numbers):
            senses = lexicon().phrases.get((entity.text.split()[0].lower(),), ())
            func = next((s.arg for s in senses if s.op is Op.AGGREGATE), None)
            if func is None or entity.field is None:
                continue
            self.numbers.remove(entity)
            self.q.measures.append(MeasureAsk(Func(func), entity.expr))
            self.frame.note(f"read {entity.text!r} as the {func} of {entity.field.name!r}", 0.05)

    def _sorted_measures(self) -> None:
        """A measure that is only sorted by is shown as well."""
        counts = [m for m in self.q.measures if m.func is Func.COUNT]
        for at, (by, descending) in enumerate(self.frame.sort):
            if by == MeasureAsk(Func.COUNT) and len(counts) == 1:
                # `sorted by count`: by the count that was asked for.
                self.frame.sort[at] = (counts[0], descending)
            elif isinstance(by, MeasureAsk) and by not in self.q.measures:
                self.q.measures.append(by)

    def _roles(self) -> None:
        frame, q = self.frame, self.q
        if q.columns:
            return None
        ratios = [e for e in self.numbers if is_ratio(e.expr)]
        if not (q.measures or self.keys or q.having or ratios):
            return self._plain()
        if q.measures or q.having:
            self._rows_are_no_groups()
        if not (self.keys or self.categories):
            self._parents()
        if self.categories and (q.measures or q.having):
            self.keys = [*self.categories, *self.keys]
        elif self.categories:
            frame.unplaced += [e.text for e in self.categories]
        for entity in self.numbers:
            if not self.keys and entity not in ratios:
                frame.unplaced.append(entity.text)
            q.measures.append(self._default(entity.expr, entity.text))
        q.keys = list(dict.fromkeys(e.expr for e in self.keys))
        q.measures += [h.measure for h in q.having if h.measure and h.measure not in q.measures]
        if q.having and not q.keys:
            frame.unplaced.append(str(q.having[0].value))
        if not q.measures:
            q.measures.append(self._rows_counted("no measure was named: counted rows", 0.05))
        return None

    def _parents(self) -> None:
        """`customers with more than 10 orders`: each customer is a group of orders."""
        having, table = self.q.having, self.frame.row_entity
        asked = [h.measure for h in having if h.measure]
        if not asked or not table or any(m not in asked for m in self.q.measures):
            return
        if any(table in self._tables_of(m) or not self._tables_of(m) for m in asked):
            return
        self._label_keys()
        if any(h.op in (CompareOp.LT, CompareOp.LE) for h in having):
            nouns = ", ".join(h.measure.noun for h in having if h.measure)
            self.frame.note(f"{table} without any {nouns} are not listed", 0.1)

    def _tables_of(self, measure: MeasureAsk) -> set[str]:
        fields = plain(measure.of) if measure.of else set()
        return {self.schema.fields[k].table.name for k in fields} | {measure.table} - {""}

    def _rows_are_no_groups(self) -> None:
        """`average wind on days with rain`: where each row is one day, days make no groups."""
        for entity in list(self.categories):
            if self._one_row_each(entity) and not self.q.having:
                self.categories.remove(entity)
                said = f"read {entity.text!r} as what each row is"
                self.frame.note(f"{said}: it makes no groups", 0.05)

    def _plain(self) -> None:
        """Neither measure nor group: a list of rows, an overview, or a join."""
        frame, q = self.frame, self.q
        if frame.vague:
            overview(frame, q, self.schema, [e.expr for e in frame.entities])
            return
        if frame.join:
            q.join_on = tuple(e.field.key for e in frame.entities if e.field)
            q.tables = q.tables if len(q.tables) > 1 else list(self.schema.tables)
            q.columns = [Col(f.key) for t in q.tables for f in self.schema.of(t)]
            return
        fixed = {c.field for c in frame.conditions if c.value and not c.negated}
        shown = [e for e in frame.entities if not (e.field and e.field.key in fixed)]
        shown = shown or ([] if frame.row_entity else frame.entities)
        if frame.distinct and len(shown) > 1:
            things = [e for e in shown if not self._measurable(e) and self._one_row_each(e)]
            shown = [e for e in shown if e not in things] or shown
        q.columns = [e.expr for e in shown]
        q.distinct = frame.distinct or self._lists_values()
        if not q.columns and not (frame.row_entity or frame.shown):
            frame.unplaced.append(NOTHING)
        if not frame.shown and not frame.distinct:
            frame.note("no computation was named: listed the rows", 0.12)
        q.columns = q.columns if q.columns and not frame.everything else self._all_columns()

    def _lists_values(self) -> bool:
        """`which species`: each once, unless the rows themselves were asked for."""
        if self.numbers or self.frame.row_entity or not self.categories:
            return False
        repeats = not any(
            e.field.unique if e.field else self._one_row_each(e) for e in self.categories
        )
        if repeats:
            self.frame.note("listed each different value once", 0.02)
        return repeats

    def _order(self) -> None:
        frame, q = self.frame, self.q
        for by, descending in frame.sort:
            self._sort_by(by, descending)
        first = next(iter(q.keys or q.columns), None)
        if frame.alphabetical and not frame.sort and first is not None:
            q.sort = [(first, frame.direction or False)]
        elif frame.direction is not None and not frame.sort:
            by = q.measures[0] if q.measures else first
            q.sort = [(by, frame.direction)] if by is not None else []
        elif frame.direction is not None and frame.sort and len(q.sort) == 1:
            q.sort = [(q.sort[0][0], frame.direction)]
        if q.distinct and any(by not in q.columns for by, _ in q.sort):
            q.distinct = False
            if frame.distinct:
                frame.unplaced.append("sorted")
        if q.grouped and not q.sort:
            q.sort = [(key, False) for key in q.keys]

    def _sort_by(self, by: MeasureAsk | Expr | None, descending: bool) -> None:
        q = self.q
        if by is None:
            return
        if q.grouped and not isinstance(by, MeasureAsk) and by not in q.keys:
            match = next((m for m in q.measures if m.of == by), None)
            if match is None:
                self.frame.unplaced.append("sorted")
                return
            by = match
        q.sort.append((by, descending))
