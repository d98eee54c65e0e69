"""Grammar rules for groups, order and limits."""

from dataclasses import replace

from services.codegen.planner.frame import TIME, Entity, MeasureAsk, Rank, columns_of
from services.codegen.planner.lexicon import Op
from services.codegen.planner.parse import Parse, plural
from services.codegen.planner.plan import Bucket, Col, Expr, Func, Unit
from services.codegen.planner.rules_measures import counted_thing, measure_at, roles_at
from services.codegen.planner.rules_when import when_at
from services.codegen.planner.worth import of_rows

TOP_DEFAULT = 10
"""Rows of a `top` that names no number."""


def by_rule(p: Parse) -> bool:
    """`by X`, `per X and Y`, `for each X`; after `top 5 states` it names the measure."""
    if not p.sense(p.at, Op.BY):
        return False
    ahead = p.segment(p.at + 1)
    if p.segments[p.at].text.lower() == "across" and ahead and ahead.text.lower() == "all":
        p.at += 2
        return True
    if role := p.preposition(p.at):
        p.frame.roles.add(role)
    at = p.skip(p.at + 1)
    if _cut_by(p, at) or _rank_by(p, at) or _per_row(p, at):
        return True
    keys: list[Entity] = []
    while (found := _key(p, at, keys)) is not None:
        key, after = found
        keys.append(key)
        link, following = p.link_at(after)
        at = after
        if not link or link == "or" or not _another_key(p, following):
            break
        at = following
    if not keys:
        return False
    p.frame.keys += keys
    p.at = at
    return True


def _rank_by(p: Parse, at: int) -> bool:
    """`by` introduces a measure when one is named, or when the ranked thing is named already."""
    frame = p.frame
    if p.sense(at, Op.SUPERLATIVE):
        return False
    if frame.rank is not None and (found := of_rows(p, at)) is not None:
        frame.rank, p.at = replace(frame.rank, by=found[0]), found[1]
        return True
    measures = measure_at(p, at)
    if measures is not None:
        asked, p.at = measures
        frame.measures += [m for m in asked if m not in frame.measures]
        rank = frame.rank or Rank(True, None)
        frame.rank = replace(rank, by=asked[0])
        return True
    hit = p.column(at)
    known = frame.rank is not None and frame.rank.by is not None and not frame.rank.rows
    open_rank = frame.rank is not None and not known and not frame.measures
    ranked = bool(frame.entities or frame.row_entity)
    if open_rank and ranked and frame.rank and hit is None:
        count, after = counted_thing(p, at)
        if count is not None:
            frame.rank, p.at = replace(frame.rank, by=count), after
            return True
        found = p.expression(at)
        if found is not None:
            frame.rank, p.at = replace(frame.rank, by=found[0]), found[1]
            return True
    if open_rank and ranked and frame.rank and hit and (hit.field.numeric or hit.field.is_date):
        found = p.expression(at)
        if found is not None:
            frame.rank = replace(frame.rank, by=found[0])
            p.at = found[1]
            return True
    return False


def _cut_by(p: Parse, at: int) -> bool:
    """`first 5 orders by date`: the order of the rows of which the first are wanted."""
    frame = p.frame
    if not frame.cut or frame.measures or frame.entities or not frame.row_entity:
        return False
    entity = entity_at(p, at)
    if entity is None:
        return False
    by = TIME if isinstance(entity.expr, Bucket) and entity.expr.unit is Unit.DAY else entity.expr
    frame.sort.append((by, frame.cut == "last"))
    frame.rank = None
    p.at = at + 1
    return True


def _per_row(p: Parse, at: int) -> bool:
    """`cost per strike`, where a strike is one row: the average."""
    s, frame = p.segment(at), p.frame
    numeric = frame.entities and frame.entities[-1].field and frame.entities[-1].field.numeric
    if s is None or not s.tables or p.column(at) or p.unit(at) is not None:
        return False
    table = s.tables[0].table.name
    averages = [m for m in frame.measures if m.func is Func.AVG and m.of is not None]
    if averages and averages == frame.measures and not frame.keys and not frame.rank:
        keys = {k for m in averages for k in columns_of(m.of)} - {TIME.name}
        if {p.field(k).table.name for k in keys} == {table}:
            frame.note(f"the average per {s.text} is that over the rows of {table}", 0.03)
            p.at = at + 1
            return True
    last = frame.entities[-1] if numeric else None
    if last is None or last.field is None or last.field.table.name != table:
        return False
    frame.entities.pop()
    frame.measures.append(MeasureAsk(Func.AVG, last.expr))
    frame.note(f"{last.field.name!r} per {s.text} is its average over the rows of {table}", 0.03)
    p.at = at + 1
    return True


def _key(p: Parse, at: int, keys: list[Entity]) -> tuple[Entity, int] | None:
    at = p.skip(roles_at(p, p.skip(at, Op.DISTINCT, Op.BY)))
    found = entity_at(p, at)
    if found is not None:
        return found, at + 1
    s = p.segment(at)
    if s is not None and s.tables and not keys:
        labels = p.schema.label(s.tables[0].table.name)
        table = s.tables[0].table.name
        for field in labels[:-1]:
            p.frame.keys.append(Entity(Col(field.key), field, False, field.name))
        if labels:
            p.frame.note(f"one {s.text} is named by {labels[-1].name!r} of {table}", 0.05)
            return Entity(Col(labels[-1].key), labels[-1], False, s.text), at + 1
    return None


def _another_key(p: Parse, at: int) -> bool:
    """True when the list of keys goes on at `at`: a category or a unit, no measure or filter."""
    s, hit = p.segment(at), p.column(at)
    if s is None or s.sense(Op.AGGREGATE, Op.COUNT, Op.SUPERLATIVE):
        return False
    if p.unit(at) is not None or s.sense(Op.BY):
        return True
    return hit is not None and not _followed_by_test(p, at) and not s.values


def _followed_by_test(p: Parse, at: int) -> bool:
    following = p.segment(p.skip(at + 1, Op.EQUALS))
    return following is not None and (
        following.sense(Op.COMPARE, Op.BETWEEN, Op.NULL) is not None or bool(following.values)
    )


def entity_at(p: Parse, at: int) -> Entity | None:
    """The column or unit of time at `at`, whatever it will be used for."""
    s = p.segment(at)
    if s is None:
        return None
    unit = p.unit(at)
    if unit is not None:
        return Entity(bucket(p, unit), None, plural(s.text), s.text)
    if p.column(at) is None:
        return None
    field = p.read(at).field
    return Entity(Col(field.key), field, plural(s.text), s.text)


def bucket(p: Parse, unit: Unit, of: Expr = TIME) -> Expr:
    """The unit of the date column; where a column of years is all there is, that column."""
    if unit is Unit.YEAR:
        fields = p.schema.fields.values()
        years = [f for f in fields if f.numeric and f.stems == {"year"}]
        if years and not any(f.is_date for f in fields):
            return Col(years[0].key)
    return Bucket(unit, of)


def top_rule(p: Parse) -> bool:
    """`top 5`, `bottom ten`, `first 10`, `last 3`."""
    s, frame = p.segments[p.at], p.frame
    sense = s.sense(Op.TOP)
    if sense is None:
        return False
    at = p.skip(p.at + 1)
    number = p.segment(at)
    count = number.number if number and isinstance(number.number, int) else None
    if count is None and sense.arg in ("first", "last"):
        return False
    if count is not None:
        at += 1
    elif _one(p, at):
        count = 1
    elif not p.sense(at, Op.SUPERLATIVE):
        frame.note(f"{s.text!r} without a number is the {s.text} {TOP_DEFAULT}", 0.05)
    frame.limit = count or TOP_DEFAULT
    if sense.arg == "last":
        frame.rank = Rank(True, TIME, text=s.text)
    elif sense.arg == "first":
        frame.note("the first rows are in the order of the answer")
    else:
        frame.rank = Rank(sense.arg == "desc", None, text=s.text)
    frame.cut = sense.arg if sense.arg in ("first", "last") else ""
    p.at = at
    return True


def _one(p: Parse, at: int) -> bool:
    """`top customer` is one customer; `top species` may be many."""
    s = p.segment(p.skip(at))
    if s is None or not (s.tables or s.columns):
        return False
    return not s.text.lower().endswith("s") and not s.sense(Op.SUPERLATIVE)


def number_rule(p: Parse) -> bool:
    """`5 most expensive`, `5 airports with the most …`: how many rows are wanted."""
    s = p.segments[p.at]
    if not isinstance(s.number, int) or s.number < 1 or s.values or s.columns:
        return False
    ahead = p.segment(p.skip(p.at + 1))
    meant = ahead and (ahead.sense(Op.SUPERLATIVE, Op.ROWS) or ahead.columns or ahead.tables)
    if not meant:
        return False
    p.number = s.number
    p.at += 1
    return True


def unit_rule(p: Parse) -> bool:
    """`monthly`, and a unit of time as the thing that is asked about."""
    s = p.segments[p.at]
    per = s.sense(Op.PER_UNIT)
    if per is not None:
        p.frame.keys.append(Entity(bucket(p, Unit(per.arg)), None, False, s.text))
        p.at += 1
        return True
    if p.unit(p.at) is None:
        return False
    of = p.segment(p.at + 1)
    if when_at(p, p.at + (2 if of and of.text.lower() == "of" else 1)) is not None:
        # `the month of March`, `the year 2014`: the time itself follows.
        p.at += 1
        return True
    entity = entity_at(p, p.at)
    assert entity is not None
    p.frame.entities.append(entity)
    p.at += 1
    return True
