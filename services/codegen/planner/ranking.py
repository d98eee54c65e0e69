"""Ranks: what `most`, `top 5` and `hottest` make of the things that were named."""

from services.codegen.planner.frame import TIME, Entity, Frame, MeasureAsk, Rank, is_ratio
from services.codegen.planner.joins import infer_join
from services.codegen.planner.lexicon import lexicon
from services.codegen.planner.parse import plain, plural
from services.codegen.planner.plan import Arith, ArithOp, Bucket, Col, Expr, Func, Unit
from services.codegen.planner.query import Query
from services.codegen.planner.schema import Schema


class Ranking:
    """The state of settling one frame, and the part that deals with ranks."""

    def __init__(self, frame: Frame, schema: Schema) -> None:
        self.frame, self.schema = frame, schema
        self.q = Query(roles=frozenset(frame.roles), tables=list(dict.fromkeys(frame.tables)))
        self.categories = [e for e in frame.entities if not self._measurable(e)]
        if frame.measures or frame.rank or len(self.categories) > 1:
            self.categories = [e for e in self.categories if not self._fixed(e)]
        self.numbers = [e for e in frame.entities if self._measurable(e)]
        self.keys = list(frame.keys)

    def _fixed(self, entity: Entity) -> bool:
        """`white color`: the column of a value that was named beside it."""
        values = (c for c in self.frame.conditions if c.value and not c.negated)
        return entity.field is not None and entity.field.key in {c.field for c in values}

    @staticmethod
    def _measurable(entity: Entity) -> bool:
        if entity.field is None:
            return not isinstance(entity.expr, Bucket)
        return entity.field.numeric and not entity.field.identifier

    def _rank(self, rank: Rank) -> None:
        by = rank.by if rank.by is not None else self._implied()
        if by is None:
            self.frame.unplaced.append(rank.text or ("top" if rank.descending else "bottom"))
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
        if not (self.categories or self.keys):
            return None
        top = self.frame.rank is None or self.frame.rank.text.endswith(("top", "bottom"))
        return self._rows_counted("ranked by how many there are", 0.12 if top else 0.3)

    def _counted_others(self, by: MeasureAsk) -> MeasureAsk | None:
        """`the busiest airport` has most rows of the other table; of its own it has one."""
        table = self.frame.row_entity
        bare = by.func is Func.COUNT and by.of is None and by.table in ("", table)
        if not (bare and table and not (self.categories or self.keys)):
            return by
        others = [t for t in self.schema.tables if t != table]
        join = infer_join(self.schema, table, others[0]) if len(others) == 1 else None
        if join is None or join.pair.one.table.name != table:
            return None
        self.frame.note(f"ranked {table} by the number of {others[0]}", 0.15)
        return MeasureAsk(Func.COUNT, None, others[0], others[0])

    def _rank_groups(self, rank: Rank, by: MeasureAsk) -> None:
        counted = self._counted_others(by)
        if counted is None:
            self.frame.unplaced.append(rank.text or ("most" if rank.descending else "least"))
            return
        by = counted
        if by not in self.q.measures:
            self.q.measures.append(by)
        if len(self.categories) > 1:
            first, *rest = self.categories
            # `the most common colleges of players`: players are the rows that are counted.
            self.categories = [first, *(e for e in rest if not self._one_row_each(e))]
        entity = self.categories[0] if self.categories else None
        self.keys = [*self.categories, *self.keys]
        self.categories = []
        if entity is None and self.frame.row_entity and self.frame.row_entity != by.table:
            self._label_keys()
            self._one_of_label()
        if not self.keys:
            self.frame.unplaced.append(rank.text or ("most" if rank.descending else "least"))
            return
        self.q.sort.append((by, rank.descending))
        if self.q.limit is None and entity is not None and not entity.plural:
            self.q.limit = 1

    def _one_of_label(self) -> None:
        """One thing where it was named in the singular, as in `the airport with …`."""
        said = self.frame.table_words.get(self.frame.row_entity, "")
        if self.q.limit is None and said and not plural(said):
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
        other = (
            self.frame.row_entity
            and by != TIME
            and self.frame.row_entity not in {self.schema.fields[k].table.name for k in plain(by)}
        )
        if other and not (self.categories or self.keys) and plain(by) and self._label_keys():
            # `the member who paid the most fees`: each member is a group of fees.
            measure = self._default(by, "ranked")
            self.q.measures.append(measure)
            self.q.sort.append((measure, rank.descending))
            self._one_of_label()
        elif rank.rows and (self.keys or (self.categories and not rank.explicit)):
            what = f"the {rank.text} of {self.frame.row_entity} within each group"
            hint = "Ask for the largest or smallest value per group, or name one group."
            self.frame.impossible = (f"The question asks for whole rows: {what}.", hint)
        elif self.categories:
            self._rank_categories(rank, by)
        elif self.keys or not (self.frame.row_entity or self.q.limit or by == TIME):
            func = Func.MAX if rank.descending else Func.MIN
            self.q.measures.append(MeasureAsk(func, by))
        else:
            said = self.frame.table_words.get(self.frame.row_entity, "x")
            self._rank_rows(rank, by, plural=self.q.limit is not None or plural(said))

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

    def _rows_counted(self, note: str, doubt: float) -> MeasureAsk:
        table = self.frame.row_entity
        self.frame.note(note, doubt)
        return MeasureAsk(Func.COUNT, None, table, self.frame.table_words.get(table, ""))

    def _default(self, expr: Expr, said: str) -> MeasureAsk:
        """The function of a number that was named without one."""
        if is_ratio(expr):
            self.frame.note("a ratio of two columns is the ratio of their totals", 0.05)
            return MeasureAsk(Func.SUM, expr, assumed=True)
        words = {s for k in plain(expr) for s in self.schema.fields[k].stems}
        average = not _product(expr) and not words.isdisjoint(lexicon().averaged)
        func, name = (Func.AVG, "average") if average else (Func.SUM, "total")
        names = ", ".join(self.schema.fields[k].name for k in sorted(plain(expr)))
        self.frame.note(f"no function was named for {names}: took the {name}", 0.05)
        return MeasureAsk(func, expr, noun=said, assumed=True)


def _product(expr: Expr) -> bool:
    """True when the expression multiplies: a price by a quantity is an amount, which adds up."""
    if not isinstance(expr, Arith):
        return False
    return expr.op is ArithOp.MULTIPLY or _product(expr.left) or _product(expr.right)
