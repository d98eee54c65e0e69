"""What `most` speaks of: rows, an amount, a column, or how many there are."""

from services.codegen.planner.keys import key_graph
from services.codegen.planner.language.expressions import computed_at
from services.codegen.planner.language.hints import hinted_slot
from services.codegen.planner.language.nouns import noun_at
from services.codegen.planner.language.query import Agg, Item
from services.codegen.planner.language.ranking import (
    Rank,
    rank_by,
    ranked_at,
    taken_limit,
    whole_measure,
)
from services.codegen.planner.language.reader import SELECT, Reader, plural
from services.codegen.planner.language.rule_measures import counted
from services.codegen.planner.language.worth import worth
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import Func

_SIZES = (
    "population",
    "area",
    "size",
    "capacity",
    "amount",
    "total",
    "number",
    "quantity",
    "value",
)


def most_common(r: Reader, rank: Rank, at: int) -> bool:
    """`the most common city`: groups by how many rows they have."""
    noun = noun_at(r, at)
    r.q.order.append((Agg(Func.COUNT), rank.descending))
    r.q.limit = taken_limit(r, many=False)
    if noun is None:
        r.at += 1
        return True
    if noun.table:
        r.q.entity = r.q.entity or noun.table
        r.q.group_tables.append(noun.table)
        r.name_table(noun.table)
        _counted_by_others(r, noun.table)
        if r.zone == SELECT and r.q.items:
            r.explain(noun.table)
    else:
        slot = r.column(noun.at, "key")
        r.q.keys.append(slot.expr)
        if r.zone == SELECT and not r.q.items:
            r.item(slot.expr)
            r.fresh = [slot]
    r.at = noun.after
    return True


def _counted_by_others(r: Reader, table: str) -> None:
    """`busiest airport`: by the rows of the one table that refers to airports."""
    others = {e.many.table.name for e in key_graph(r.schema).referred(table)} - {table}
    if len(others) == 1 and len(r.schema.tables) == 2:
        other = others.pop()
        r.q.order[-1] = (Agg(Func.COUNT, None, other, other), r.q.order[-1][1])
        r.note(f"ranked {table} by the number of {other}", 0.05)


def most_of(r: Reader, rank: Rank, at: int) -> bool:
    """`most students` counts; `highest score` takes the column."""
    s = r.segment(at)
    if s is not None and s.sense(Op.COUNT) and not s.columns:
        amount = _amount_at(r, at + 1)
        if amount is not None:
            return _by_amount(r, rank, amount)
        found = counted(r, at + 1)
        r.at = found[1] if found else at + 1
        return rank_by(r, rank, found[0]) if found else _alone(r, rank)
    funcs = s.args(Op.AGGREGATE) if s else set()
    if s is not None and funcs and not s.columns:
        found_by = ranked_at(r, at)
        if found_by is not None:
            r.at = found_by[1]
            return rank_by(r, rank, found_by[0])
    computed = computed_at(r, at)
    if computed is not None:
        r.at = computed.after
        return rank_by(r, rank, computed.make("order"))
    noun = noun_at(r, at)
    if noun is None:
        amount = _amount_at(r, at)
        if amount is not None:
            return _by_amount(r, rank, amount)
        r.at += 1
        return _alone(r, rank)
    if noun.table:
        return _most_rows(r, rank, noun.table, noun.text, noun.after)
    field = r.segments[noun.at].columns[0].field
    if not field.ranked and not rank.sense.size:
        slot = r.column(noun.at, "counted")
        r.at = noun.after
        return rank_by(r, rank, Agg(Func.COUNT, slot.expr, noun=noun.text))
    slot = r.column(noun.at, "order", "number")
    r.at = noun.after
    r.q.totals = rank.descending and not rank.sense.size
    following = r.names_table(noun.after)
    if following and any(o.field.table.name == following for o in slot.options):
        # `the most expensive product`: the word says what the rows are ordered by.
        r.q.entity, r.q.totals = r.q.entity or following, False
    return rank_by(r, rank, slot.expr)


def each(text: str) -> bool:
    """`in every`, `per`: groups, and no order."""
    return text.lower().split()[-1] in ("each", "every", "per", "across", "different")


_PASSED = 2
"""Words that were not understood between a word of order and its column."""


def _amount_at(r: Reader, at: int) -> int | None:
    """`the least number of people served`: the column of amounts in a table by itself."""
    if len(r.schema.tables) > 1:
        return None
    at = r.skip(at)
    for _ in range(_PASSED):
        s = r.segment(at)
        if s is None or r.names_column(at) or s.senses or s.values or not s.text.isalpha():
            break
        at = r.skip(at + 1)
    if not r.names_column(at):
        return None
    field = r.segments[at].columns[0].field
    return at if field.ranked and not field.identifier else None


def _by_amount(r: Reader, rank: Rank, at: int) -> bool:
    slot = r.column(at, "order", "number")
    r.at = at + 1
    return rank_by(r, rank, slot.expr)


def _most_rows(r: Reader, rank: Rank, table: str, text: str, after: int) -> bool:
    r.name_table(table)
    r.at = after
    if rank.sense.size and (not r.q.items or r.fresh):
        found = ranked_at(r, after + 1) if r.word(after) == "by" else None
        if found is not None:
            # `biggest loans by fee`
            r.q.entity = r.q.entity or table
            r.q.order.append((found[0], rank.descending))
            r.q.limit = r.limit if plural(text) else taken_limit(r, many=False)
            r.limit, r.at = None, found[1]
            return True
    if rank.sense.size and (not r.q.items or r.fresh) and not plural(text):
        slot = hinted_slot(r, _SIZES, "order")
        by = slot.expr if slot is not None else worth(r, table, f"{rank.text} {text}", "order")
        if by is not None:
            r.q.entity = r.q.entity or table
            r.q.order.append((by, rank.descending))
            r.q.limit = taken_limit(r, many=False)
            return True
    return rank_by(r, rank, Agg(Func.COUNT, None, table, text))


def _alone(r: Reader, rank: Rank) -> bool:
    """`which city has the most?`: by what was measured, else by how many rows there are."""
    measured: Item | None = next((i for i in reversed(r.q.items) if isinstance(i, Agg)), None)
    by = measured or whole_measure(r) or Agg(Func.COUNT)
    r.q.order.append((by, rank.descending))
    r.q.limit = taken_limit(r, many=False)
    return True
