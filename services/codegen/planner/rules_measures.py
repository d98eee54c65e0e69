"""Grammar rules for what is measured: aggregates, counts, superlatives."""

from services.codegen.planner.columns import ColumnHit
from services.codegen.planner.frame import MeasureAsk, Rank
from services.codegen.planner.lexicon import Op, lexicon
from services.codegen.planner.mentions import Segment
from services.codegen.planner.parse import Parse
from services.codegen.planner.plan import Col, Expr, Func, Unit
from services.codegen.planner.rules_filters import value_is
from services.codegen.planner.worth import of_rows

_COUNTED = (Op.ROWS, Op.ROLE)


def aggregate_rule(p: Parse) -> bool:
    """`total repair cost`, `minimum and maximum of temp_max`, `median`."""
    sense = p.segments[p.at].sense(Op.AGGREGATE)
    if sense is None:
        return False
    measures = measure_at(p, p.at)
    if measures is not None and _extreme(p, sense.arg):
        asked = measures[0][0]
        p.frame.rank = Rank(sense.arg == "max", asked.of or asked)
        p.at = measures[1]
        return True
    if measures is None:
        p.pending.append((sense.arg, p.segments[p.at].text))
        p.at += 1
        return True
    p.frame.measures += measures[0]
    p.at = measures[1]
    return True


def _extreme(p: Parse, func: str) -> bool:
    """`the stadium that has the maximum capacity` asks for the stadium."""
    return has_before(p) and func in ("max", "min") and p.frame.rank is None and not p.frame.keys


def has_before(p: Parse) -> bool:
    """True after `with the` and the like: the thing named before has what follows."""
    back = p.at - 1
    while (s := p.segment(back)) and s.text.lower() in ("the", "a", "an"):
        back -= 1
    s = p.segment(back)
    return s is not None and s.text.lower() in ("with", "has", "have", "had", "having")


def measure_at(p: Parse, at: int) -> tuple[list[MeasureAsk], int] | None:
    """The measures that begin at `at`, and the position after them."""
    funcs: list[Func] = []
    while (s := p.segment(at)) and (sense := s.sense(Op.AGGREGATE)):
        funcs.append(Func(sense.arg))
        at = p.skip(at + 1, Op.AND, Op.COMMA)
    if not funcs:
        count = count_at(p, at)
        return ([count[0]], count[1]) if count else None
    hit = p.column(at)
    if p.sense(at, Op.COUNT) and not (hit and hit.exact and hit.field.numeric):
        return _aggregated_count(p, funcs, at)
    found = p.expression(at) or of_rows(p, at)
    if found is None:
        rows = p.segment(at)
        count_column = _row_count(p, at)
        if rows is not None and count_column is None:
            return _total_rows(p, rows, funcs, at)
        if rows is None or count_column is None:
            return None
        return [_counted_by(p, f, count_column, at) for f in funcs], at + 1
    exprs, after = _more(p, *found)
    return [MeasureAsk(f, e) for e in exprs for f in funcs], after


def _total_rows(
    p: Parse, s: Segment, funcs: list[Func], at: int
) -> tuple[list[MeasureAsk], int] | None:
    """`total orders` are counted."""
    if funcs != [Func.SUM] or not s.tables or s.columns or at != p.skip(p.at + 1):
        return None
    p.frame.note(f"read 'total {s.text}' as the number of {s.text}", 0.08)
    return [MeasureAsk(Func.COUNT, None, s.tables[0].table.name, s.text)], at + 1


def _aggregated_count(p: Parse, funcs: list[Func], at: int) -> tuple[list[MeasureAsk], int] | None:
    """`total number of flights`; of plain rows only the total is a count."""
    target = p.skip(at + 1, *_COUNTED)
    column = _row_count(p, target)
    if column is not None and funcs == [Func.SUM]:
        return [_counted_by(p, f, column, target) for f in funcs], target + 1
    hit = p.column(target)
    if hit is not None and hit.field.numeric and hit.head and (found := p.expression(target)):
        return [MeasureAsk(f, found[0]) for f in funcs], found[1]
    count = count_at(p, at)
    return ([count[0]], count[1]) if count and funcs == [Func.SUM] else None


def _counted_by(p: Parse, func: Func, column: str, at: int) -> MeasureAsk:
    """A measure of the column of counts; its total is the number of what is counted."""
    field, noun = p.field(column), p.segments[at].text
    p.frame.note(f"the number of {noun} is column {field.name!r} of {field.table.name}", 0.02)
    if func is Func.SUM:
        return MeasureAsk(func, Col(column), field.table.name, noun)
    return MeasureAsk(func, Col(column))


def _row_count(p: Parse, at: int) -> str | None:
    s = p.segment(at)
    table = s.tables[0].table.name if s and s.tables else ""
    field = p.schema.row_count(table) if table else None
    return field.key if field else None


def _more(p: Parse, expr: Expr, after: int) -> tuple[list[Expr], int]:
    """`average temp_max and temp_min`: the function holds for both."""
    exprs = [expr]
    while True:
        link, at = p.link_at(after)
        hit = p.column(at)
        if link != "and" or hit is None or not hit.field.numeric or p.sense(at, Op.AGGREGATE):
            return exprs, after
        follows = p.segment(p.skip(at + 1, Op.EQUALS))
        if follows and follows.sense(Op.COMPARE, Op.BETWEEN):
            return exprs, after
        more = p.expression(at)
        if more is None:
            return exprs, after
        exprs.append(more[0])
        after = more[1]


def count_rule(p: Parse) -> bool:
    """`how many …`, `number of distinct …`."""
    found = count_at(p, p.at)
    if found is None:
        return False
    measure, p.at = found
    p.frame.measures.append(measure)
    return True


def count_at(p: Parse, at: int) -> tuple[MeasureAsk, int] | None:
    """The count that begins at `at`; without a noun it counts rows."""
    if not p.sense(at, Op.COUNT):
        return None
    target = roles_at(p, p.skip(at + 1))
    distinct = p.sense(target, Op.DISTINCT)
    if distinct:
        target = p.skip(target + 1)
    return counted(p, target, distinct) or (MeasureAsk(Func.COUNT), at + 1)


def roles_at(p: Parse, at: int) -> int:
    """The position after words such as `arriving`, whose roles are remembered."""
    while (s := p.segment(at)) and (sense := s.sense(Op.ROLE)):
        p.frame.roles.add(sense.arg)
        p.frame.role_words[sense.arg] = s.text
        at = p.skip(at + 1)
    return at


def counted_thing(p: Parse, at: int) -> tuple[MeasureAsk | None, int]:
    """`departing flights` where a number of them is meant."""
    target = roles_at(p, at)
    found = counted(p, target)
    return found if found is not None else (None, at)


def counted(p: Parse, at: int, distinct: bool = False) -> tuple[MeasureAsk, int] | None:
    """What the thing at `at` is when it is counted: rows, or different values of a column."""
    s, hit = p.segment(at), p.column(at)
    if s is None:
        return None
    table = s.tables[0] if s.tables else None
    is_table = table is not None and (hit is None or table.score >= hit.score)
    if table is not None and is_table and not distinct:
        return MeasureAsk(Func.COUNT, None, table.table.name, s.text), at + 1
    if s.sense(Op.ROWS) and not distinct:
        return MeasureAsk(Func.COUNT, noun="rows"), at + 1
    if p.unit(at) is not None:
        return _counted_time(p, at)
    if hit is None:
        return None
    if not (distinct or hit.head or hit.exact) and s.values and not s.values[0].part:
        # `managers` are the rows that hold the value before they are a part of a name.
        value = s.values[0]
        p.add(value_is(p, value, s.text), value.field.key, value=True)
        return MeasureAsk(Func.COUNT, None, value.field.table.name, s.text), at + 1
    if not distinct and _counts(s, hit):
        p.read(at)
        p.frame.note(f"the number of {s.text} is the sum of column {hit.field.name!r}", 0.05)
        return MeasureAsk(Func.SUM, Col(hit.field.key)), at + 1
    if not (distinct or hit.head or hit.exact):
        p.frame.note(f"read {s.text!r} as the rows of {hit.field.table.name}", 0.1)
        return MeasureAsk(Func.COUNT, None, hit.field.table.name, s.text), at + 1
    if not distinct and not hit.field.unique:
        p.frame.note(f"counted different values of {hit.field.name!r}, each once", 0.05)
    p.read(at)
    return MeasureAsk(Func.COUNT_DISTINCT, Col(hit.field.key)), at + 1


def _counts(s: Segment, hit: ColumnHit) -> bool:
    """True for a column that holds numbers of the thing: `votes`, `no_of_customers`."""
    if not hit.field.numeric or hit.field.identifier:
        return False
    said = {t.stem for t in s.tokens}
    rest = hit.field.stems - said
    counting = bool(rest) and rest <= lexicon().counting
    return counting or (hit.exact and s.tokens[-1].lower.endswith("s"))


def _counted_time(p: Parse, at: int) -> tuple[MeasureAsk, int] | None:
    """Days are rows where each row has a date of its own; else different dates."""
    dates = [f for f in p.schema.fields.values() if f.is_date]
    if p.unit(at) is not Unit.DAY or len(dates) != 1:
        return None
    if dates[0].unique:
        text = p.segments[at].text
        p.frame.note(f"each row of {dates[0].table.name} is one day")
        return MeasureAsk(Func.COUNT, None, dates[0].table.name, text), at + 1
    return MeasureAsk(Func.COUNT_DISTINCT, Col(dates[0].key)), at + 1
