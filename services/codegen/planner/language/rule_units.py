"""Rules for units of time that are asked for: `which month`, `usually`, `seasonal`."""

from services.codegen.planner.language.query import TIME
from services.codegen.planner.language.reader import SELECT, Reader
from services.codegen.planner.language.rule_groups import unit_at
from services.codegen.planner.language.times import has_dates, year_field
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import Bucket, Unit


def unit_item(r: Reader) -> bool:
    """`which month has the most rain`, `what year`: the unit makes the groups."""
    unit = unit_at(r, r.at)
    if unit is None or unit is Unit.DAY or r.q.items or r.zone != SELECT or not r.asking:
        return False
    if not r.sense(r.back(r.at), Op.WH) or not _ranked_later(r):
        return False
    key = Bucket(unit, TIME)
    r.item(key)
    r.q.keys.append(key)
    r.q.totals = True
    r.asking = False
    r.at += 1
    return True


def _ranked_later(r: Reader) -> bool:
    return any(r.sense(at, Op.SUPERLATIVE) for at in range(r.at, len(r.segments)))


def usually_rule(r: Reader) -> bool:
    """`which month is usually the wettest`: the month of any year."""
    s = r.segments[r.at]
    if not s.sense(Op.USUALLY) or s.columns or s.values:
        return False
    r.seasonal = True
    r.at += 1
    return True


def dateless_rule(r: Reader) -> bool:
    """`airports by month` where nothing has a date: understood, but there is no plan for it."""
    s = r.segments[r.at]
    if not s.sense(Op.BY) or s.columns or has_dates(r) or year_field(r) is not None:
        return False
    after = r.segment(r.skip(r.at + 1))
    if after is None or not after.sense(Op.UNIT) or after.columns or after.values or after.tables:
        return False
    r.problem = (
        "The question names a time, but no column holds dates.",
        "Ask without a time, or add a table with a date column.",
    )
    r.at += 1
    return True
