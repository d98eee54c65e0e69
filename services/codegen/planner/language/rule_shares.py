"""Rules for parts and quotients: `percentage of orders that are late`, `ratio of cost to price`."""

from services.codegen.planner.language.expressions import expression_at
from services.codegen.planner.language.query import Agg, Cell, Item, Ratio, Share
from services.codegen.planner.language.reader import SELECT, Reader, Wrap
from services.codegen.planner.language.rule_measures import counted
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import Func


def share_rule(r: Reader) -> bool:
    """`percentage of strikes at night`, `sales by region as a share of the total`."""
    s = r.segments[r.at]
    sense = s.sense(Op.SHARE)
    if sense is None or s.columns or not _asks(r):
        return False
    fraction = sense.arg == "fraction"
    place = len(r.q.items)
    r.wraps.append(Wrap("share", place, r.at, lambda i: Share(i, fraction=fraction)))
    r.zone = SELECT
    r.link, r.asking = "", True
    r.at += 1
    found = _counted_next(r)
    if found is not None:
        item, r.at = found
        r.item(item)
        r.asking = False
    return True


def _asks(r: Reader) -> bool:
    """`white percentage` is the unit of a column; `percentage of …` and `as a share` ask."""
    if r.word(r.at).split()[0] in ("as", "what", "which"):
        return True
    before = r.segment(r.back(r.at))
    return before is None or not (before.columns or before.values or before.tables)


def _counted_next(r: Reader) -> tuple[Item, int] | None:
    """`percentage of strikes`, `share of female members`: the rows are counted."""
    at = r.skip(r.at, Op.ALL, Op.AGGREGATE)
    if r.sense(at, Op.COUNT):
        return counted(r, at + 1) or (Agg(Func.COUNT), at + 1)
    return counted(r, at) if r.names_table(at) and not r.names_column(at + 1) else None


def ratio_rule(r: Reader) -> bool:
    """`ratio of A to B`: the quotient of two measures, of their totals where none is named."""
    s = r.segments[r.at]
    if not s.sense(Op.RATIO) or s.columns:
        return False
    start = r.skip(r.at + 1, Op.BY)
    found = _by_values(r, start) or _by_measures(r, start)
    if found is None:
        return False
    item, r.at = found
    r.item(item)
    r.link, r.asking, r.zone = "", False, SELECT
    return True


_TO = frozenset({"to", "and", "over", "versus", "vs", "between", "divided by", "per", "against"})


def _by_measures(r: Reader, at: int) -> tuple[Item, int] | None:
    before = len(r.slots), list(r.q.tables), r.q.entity
    left = measure_at(r, at)
    if left is not None and r.word(left[1]) in _TO:
        right = measure_at(r, r.skip(left[1] + 1))
        if right is not None:
            for side in (left[0], right[0]):
                if isinstance(side, Agg) and side.assumed:
                    r.note("took the ratio of their totals", 0.03)
            return Ratio("/", left[0], right[0]), right[1]
    del r.slots[before[0] :]
    r.q.tables, r.q.entity = before[1], before[2]
    return None


def _by_values(r: Reader, at: int) -> tuple[Item, int] | None:
    """`ratio of male to female students`: rows of one value over rows of another."""
    first, second = r.segment(at), r.segment(r.skip(at + 2))
    if first is None or second is None or r.word(at + 1) not in _TO or first.columns:
        return None
    keys = {v.field.key for v in first.values} & {v.field.key for v in second.values}
    if not keys:
        return None
    a = r.value(at)
    b = r.value(r.skip(at + 2))
    for slot in (a, b):
        slot.options = tuple(o for o in slot.options if o.field.key in keys)
    after = r.skip(at + 2) + 1
    table = a.options[0].field.table.name
    left = Agg(Func.COUNT, None, table, where=Cell(a.number))
    return Ratio("/", left, Agg(Func.COUNT, None, table, where=Cell(b.number))), after


def measure_at(r: Reader, at: int) -> tuple[Item, int] | None:
    """A measure at `at`: a count, a function of a number, or a number to be added up."""
    at = r.skip(at)
    s = r.segment(at)
    if s is None:
        return None
    if s.sense(Op.COUNT) and not s.columns:
        return counted(r, at + 1) or (Agg(Func.COUNT), at + 1)
    funcs = s.args(Op.AGGREGATE)
    if funcs and not s.columns:
        said = expression_at(r, at + 1)
        if said is not None:
            return Agg(Func(min(funcs)), said.make("measure")), said.after
        return counted(r, at + 1) if funcs == {"sum"} else None
    if r.names_table(at) and not r.names_column(at + 1):
        return counted(r, at)
    said = expression_at(r, at)
    if said is None:
        return None
    return Agg(Func.SUM, said.make("measure"), assumed=True), said.after


def per_row_rule(r: Reader) -> bool:
    """`average fee per loan`, where each row is a loan: the average over the rows."""
    if r.word(r.at) != "per" or r.zone != SELECT or len(r.q.items) + len(r.pending) < 1:
        return False
    at = r.skip(r.at + 1)
    table = r.names_table(at)
    slot = r.slots[-1] if r.slots else None
    if not table or r.names_column(at + 1) or slot is None or slot.kind != "column":
        return False
    own = {o.field.table.name for o in slot.options}
    item = r.q.items[-1] if r.q.items else None
    plain = item == slot.expr or (isinstance(item, Agg) and item.of == slot.expr)
    if table not in own or not plain or not slot.options[0].field.numeric:
        return False
    if isinstance(item, Agg) and item.func not in (Func.AVG, Func.SUM):
        return False
    slot.options = tuple(o for o in slot.options if o.field.table.name == table)
    r.q.items[-1] = Agg(Func.AVG, slot.expr)
    r.name_table(table, r.segments[at].text)
    r.note(f"took the average over the rows of {table}", 0.03)
    r.at = at + 1
    return True


def average_count_rule(r: Reader) -> bool:
    """`average number of orders per customer`: rows over different customers."""
    if r.pending != [Func.AVG] or not r.sense(r.at, Op.COUNT):
        return False
    at = r.skip(r.at + 1)
    per = r.skip(at + 1)
    if not r.names_table(at) or not r.sense(per, Op.BY):
        return False
    noun = r.skip(per + 1, Op.BY)
    table = r.names_table(noun)
    if not (table or r.names_column(noun)) or table == r.names_table(at):
        return False
    rows = counted(r, at)
    assert rows is not None
    if table:
        r.name_table(table, r.segments[noun].text)
        each: Item = Agg(Func.COUNT, None, table, r.segments[noun].text)
    else:
        each = Agg(Func.COUNT_DISTINCT, r.column(noun, "counted").expr)
    r.item(Ratio("/", rows[0], each))
    r.note(f"divided by the number of different {r.segments[noun].text}", 0.05)
    r.pending = []
    r.at = noun + 1
    return True
