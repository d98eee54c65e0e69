"""What the question left unsaid: what to show, how to group, how conditions go together."""

from dataclasses import replace

from services.codegen.planner.language.clock import seasonal
from services.codegen.planner.language.completing import Completed, fixed_columns
from services.codegen.planner.language.defaults import (
    row_counts,
)
from services.codegen.planner.language.grouping import Grouping
from services.codegen.planner.language.lookups import single_row
from services.codegen.planner.language.nested import Nested
from services.codegen.planner.language.parts import parted, timed
from services.codegen.planner.language.query import (
    Agg,
    Place,
    Query,
)
from services.codegen.planner.language.reader import Reader
from services.codegen.planner.language.sides import contrasted, pivoted
from services.codegen.planner.language.totals import without_totals
from services.codegen.planner.plan import (
    Col,
    Func,
)

__all__ = ["Completed", "complete"]


def complete(q: Query, r: Reader) -> Completed:
    """The whole query. Never fails: what cannot be right costs `penalty`."""
    done = Completed(q)
    _Completing(done, r).run()
    return done


_NUMERIC = (Func.SUM, Func.AVG)


class _Completing(Grouping):
    """The steps in their order."""

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
        nested.counted()
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
        if self.r.shows_rank and q.order and q.order[0][0] not in q.items:
            q.items.append(q.order[0][0])
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

    def _sane(self) -> None:
        q = self.q
        fixed = {n for c in q.where for n in fixed_columns(c.cond)}
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
