"""From frame to query: every mentioned thing gets its role."""

from services.codegen.planner.conditions import predicates
from services.codegen.planner.counting import count_asked
from services.codegen.planner.frame import TIME, Entity, Frame, MeasureAsk, Rank
from services.codegen.planner.lexicon import lexicon
from services.codegen.planner.overview import overview
from services.codegen.planner.parse import plain
from services.codegen.planner.plan import Bucket, Col, Expr, Func, Unit
from services.codegen.planner.query import Query
from services.codegen.planner.schema import Schema

_SEASONAL = {
    Unit.MONTH: Unit.MONTH_OF_YEAR,
    Unit.QUARTER: Unit.QUARTER_OF_YEAR,
    Unit.WEEK: Unit.WEEK_OF_YEAR,
}


def settle(frame: Frame, schema: Schema) -> Query:
    """The query that the frame means. What finds no role is added to `frame.unplaced`."""
    return _Settling(frame, schema).query()


class _Settling:
    def __init__(self, frame: Frame, schema: Schema) -> None:
        self.frame, self.schema = frame, schema
        self.q = Query(roles=frozenset(frame.roles), tables=list(dict.fromkeys(frame.tables)))
        self.categories = [e for e in frame.entities if not self._measurable(e)]
        self.numbers = [e for e in frame.entities if self._measurable(e)]
        self.keys = list(frame.keys)

    def query(self) -> Query:
        frame, q = self.frame, self.q
        q.where = predicates(frame.conditions)
        q.having = list(frame.having)
        q.limit = frame.limit
        q.words_of = frame.words_of
        if frame.words_of:
            return q
        if frame.usually:
            self._seasonal()
        q.measures = list(frame.measures)
        self._sorted_measures()
        if frame.rank is not None:
            self._rank(frame.rank)
        self._roles()
        self._order()
        q.measures = [count_asked(m, q, frame, self.schema) for m in q.measures]
        return q

    @staticmethod
    def _measurable(entity: Entity) -> bool:
        if entity.field is None:
            return not isinstance(entity.expr, Bucket)
        return entity.field.numeric and not entity.field.identifier

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

    def _sorted_measures(self) -> None:
        """A measure that is only sorted by is shown as well."""
        for by, _ in self.frame.sort:
            if isinstance(by, MeasureAsk) and by not in self.q.measures:
                self.q.measures.append(by)

    # --- ranks ---------------------------------------------------------------------------------

    def _rank(self, rank: Rank) -> None:
        by = rank.by if rank.by is not None else self._implied()
        if by is None:
            self.frame.unplaced.append("top" if rank.descending else "bottom")
        elif isinstance(by, MeasureAsk):
            self._rank_groups(rank, by)
        else:
            self._rank_column(rank, by)

    def _implied(self) -> MeasureAsk | Expr | None:
        """What a `top 5` without `by` ranks by: the measure, the one number, or how often."""
        if self.q.measures:
            return self.q.measures[0]
        if self.numbers:
            return self.numbers.pop(0).expr
        if not self.categories:
            return None
        self.frame.note("ranked by how many rows there are", 0.12)
        return MeasureAsk(Func.COUNT)

    def _rank_groups(self, rank: Rank, by: MeasureAsk) -> None:
        if by not in self.q.measures:
            self.q.measures.append(by)
        entity = self.categories[0] if self.categories else None
        self.keys = [*self.categories, *self.keys]
        self.categories = []
        if entity is None and self.frame.row_entity and self.frame.row_entity != by.table:
            entity = self._label_keys()
        if not self.keys:
            self.frame.unplaced.append("most" if rank.descending else "least")
            return
        self.q.sort.append((by, rank.descending))
        if self.q.limit is None and entity is not None and not entity.plural:
            self.q.limit = 1

    def _label_keys(self) -> Entity | None:
        """`the airport with the most flights`: airports by their name."""
        table = self.frame.row_entity
        fields = self.schema.label(table)
        added = [Entity(Col(f.key), f, False, f.name) for f in fields]
        self.keys = [*added, *self.keys]
        if fields:
            self.frame.note(f"each of {table} is named by {fields[-1].name!r}", 0.03)
        return added[-1] if added else None

    def _rank_column(self, rank: Rank, by: Expr) -> None:
        if self.categories:
            self._rank_categories(rank, by)
        elif self.keys or not (self.frame.row_entity or self.q.limit or by == TIME):
            func = Func.MAX if rank.descending else Func.MIN
            self.q.measures.append(MeasureAsk(func, by))
        else:
            self._rank_rows(rank, by, plural=self.q.limit is not None)

    def _rank_categories(self, rank: Rank, by: Expr) -> None:
        entity = self.categories[0]
        if self._one_row_each(entity):
            self._rank_rows(rank, by, plural=entity.plural)
            return
        measure = self._default(by, "ranked")
        self.q.measures.append(measure)
        self.keys = [*self.categories, *self.keys]
        self.categories = []
        self.q.sort.append((measure, rank.descending))
        if self.q.limit is None and not entity.plural:
            self.q.limit = 1

    def _one_row_each(self, entity: Entity) -> bool:
        """True when each row is another one of them: then rows are ranked, not groups."""
        if entity.field is not None:
            profile = entity.field.profile
            # Names repeat now and then; nine in ten different is no category.
            return profile.distinct >= 0.9 * max(entity.field.table.sampled_rows, 1)
        bucket = entity.expr
        dates = [f for f in self.schema.fields.values() if f.is_date]
        day = isinstance(bucket, Bucket) and bucket.unit is Unit.DAY
        return day and len(dates) == 1 and dates[0].unique

    def _rank_rows(self, rank: Rank, by: Expr, *, plural: bool) -> None:
        shown = [e.expr for e in (*self.categories, *self.numbers)]
        if shown and by not in shown:
            shown.append(by)
        self.q.columns = shown or self._all_columns(by)
        self.categories, self.numbers = [], []
        self.q.sort.append((by, rank.descending))
        if self.q.limit is None and not plural:
            self.q.limit = 1

    def _all_columns(self, by: Expr | None = None) -> list[Expr]:
        table = self._row_table(by)
        return [Col(f.key) for f in self.schema.of(table)] if table else []

    def _row_table(self, by: Expr | None = None) -> str:
        if self.frame.row_entity:
            return self.frame.row_entity
        query = Query(columns=[by] if by else [], where=self.q.where)
        used = [self.schema.fields[k].table.name for k in query.fields() if k != TIME.name]
        return (used or self.frame.tables or list(self.schema.tables) or [""])[0]

    # --- roles ---------------------------------------------------------------------------------

    def _roles(self) -> None:
        frame, q = self.frame, self.q
        if q.columns:
            return
        if not (q.measures or self.keys or q.having):
            return self._plain()
        if self.categories and (q.measures or q.having):
            self.keys = [*self.categories, *self.keys]
        elif self.categories:
            frame.unplaced += [e.text for e in self.categories]
        for entity in self.numbers:
            if not self.keys:
                frame.unplaced.append(entity.text)
            q.measures.append(self._default(entity.expr, entity.text))
        q.keys = list(dict.fromkeys(e.expr for e in self.keys))
        q.measures += [h.measure for h in q.having if h.measure and h.measure not in q.measures]
        if q.having and not q.keys:
            frame.unplaced.append(f"{q.having[0].op.value} {q.having[0].value}")
        if not q.measures:
            q.measures.append(MeasureAsk(Func.COUNT, None, frame.row_entity))
            frame.note("no measure was named: counted rows", 0.05)
        return None

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
        q.columns = [e.expr for e in frame.entities]
        q.distinct = frame.distinct or self._lists_values()
        if not q.columns and not (frame.row_entity or frame.shown):
            frame.unplaced.append("(what to compute)")
        if not frame.shown and not frame.distinct:
            frame.note("no computation was named: listed the rows", 0.12)
        q.columns = q.columns if q.columns and not frame.everything else self._all_columns()

    def _lists_values(self) -> bool:
        """`which species`: each once, unless the rows themselves were asked for."""
        if self.numbers or self.frame.row_entity or not self.categories:
            return False
        repeats = all(e.field is None or not e.field.unique for e in self.categories)
        if repeats:
            self.frame.note("listed each different value once", 0.02)
        return repeats

    def _default(self, expr: Expr, said: str) -> MeasureAsk:
        """The function of a number that was named without one."""
        words = {s for k in plain(expr) for s in self.schema.fields[k].stems}
        average = not words.isdisjoint(lexicon().averaged)
        func, name = (Func.AVG, "average") if average else (Func.SUM, "total")
        names = ", ".join(self.schema.fields[k].name for k in sorted(plain(expr)))
        self.frame.note(f"no function was named for {names}: took the {name}", 0.05)
        return MeasureAsk(func, expr, noun=said, assumed=True)

    # --- order ---------------------------------------------------------------------------------

    def _order(self) -> None:
        frame, q = self.frame, self.q
        for by, descending in frame.sort:
            self._sort_by(by, descending)
        first = next(iter(q.keys or q.columns), None)
        if frame.alphabetical and first is not None:
            q.sort = [(first, frame.direction or False)]
        elif frame.direction is not None and not frame.sort:
            by = q.measures[0] if q.measures else first
            q.sort = [(by, frame.direction)] if by is not None else []
        elif frame.direction is not None and frame.sort and len(q.sort) == 1:
            q.sort = [(q.sort[0][0], frame.direction)]
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
