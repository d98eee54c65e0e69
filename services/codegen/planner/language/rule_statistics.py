"""Rules for statistics: percentiles, quartiles, correlation, trend lines, outliers."""

import re

from services.codegen.planner.language.expressions import Said, expression_at
from services.codegen.planner.language.query import TIME, Agg, Item, Query, Ratio, Some, Than
from services.codegen.planner.language.reader import SELECT, Reader
from services.codegen.planner.language.times import as_date, has_dates
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import Arith, ArithOp, Col, CompareOp, Expr, Func, Lit

_AND = frozenset({"and", "with", "to", "versus", "vs", "against", "over", "on", "by", ","})
_WHICH_QUARTILE = {
    "first": 0.25,
    "1st": 0.25,
    "lower": 0.25,
    "second": 0.5,
    "2nd": 0.5,
    "third": 0.75,
    "3rd": 0.75,
    "upper": 0.75,
}


def statistic_rule(r: Reader) -> bool:
    """`90th percentile of price`, `correlation between A and B`, `outliers in cost`."""
    at = _statistic_at(r)
    if at is None:
        return _short(r)
    s = r.segments[at]
    sense = s.sense(Op.STATISTIC)
    assert sense is not None
    match sense.arg:
        case "percentile":
            return _percentile(r, at)
        case "quartile":
            return _quartiles(r, at)
        case "correlation":
            return _pair(r, at, Func.CORRELATION)
        case "slope":
            return _slope(r, at)
        case "outlier":
            return _outliers(r, at)
        case "iqr":
            return _spread(r, at)
    return False


def _short(r: Reader) -> bool:
    """`p90 of price`"""
    short = _PERCENTILE.fullmatch(r.word(r.at))
    said = expression_at(r, r.at + 1) if short is not None else None
    if short is None or said is None or r.segments[r.at].columns:
        return False
    return _done(r, [_at_fraction(said.make("measure"), int(short[1]) / 100)], said.after)


_PERCENTILE = re.compile(r"p(\d\d)")


def _statistic_at(r: Reader) -> int | None:
    """The word itself, or the number or ordinal right before it."""
    for at in (r.at, r.at + 1):
        s = r.segment(at)
        if s is not None and s.sense(Op.STATISTIC) and not s.columns:
            leads = r.number(r.at) is not None or r.word(r.at) in _WHICH_QUARTILE
            return at if at == r.at or leads else None
    return None


def _done(r: Reader, items: list[Item], after: int) -> bool:
    of = next((i.of for i in items if isinstance(i, Agg)), None)
    pending = [Agg(f, of) for f in r.pending if of is not None]
    for item in (*pending, *items):
        r.item(item)
    r.pending = []
    r.link, r.asking, r.zone = "", False, SELECT
    r.at = after
    return True


def _at_fraction(of: Expr, fraction: float, label: str = "") -> Agg:
    return Agg(Func.PERCENTILE, of, fraction=fraction, label=label)


def _percentile(r: Reader, at: int) -> bool:
    number, start = (r.number(r.at), at + 1) if at > r.at else (r.number(at + 1), at + 2)
    said = expression_at(r, start)
    if number is None or not 0 <= number <= 100:
        return False
    last = r.q.items[-1] if r.q.items else None
    if said is None and isinstance(last, Col) and r.ends(start):
        # `price, 90th percentile`
        r.q.items.pop()
        return _done(r, [_at_fraction(last, number / 100)], start)
    if said is None:
        return False
    return _done(r, [_at_fraction(said.make("measure"), number / 100)], said.after)


def _quartiles(r: Reader, at: int) -> bool:
    said = expression_at(r, at + 1)
    if said is None:
        return False
    of = said.make("measure")
    one = _WHICH_QUARTILE.get(r.word(r.at)) if at > r.at else None
    if one is not None:
        return _done(r, [_at_fraction(of, one)], said.after)
    names = ((0.25, "first_quartile"), (0.5, "median"), (0.75, "third_quartile"))
    return _done(r, [_at_fraction(of, f, n) for f, n in names], said.after)


def _spread(r: Reader, at: int) -> bool:
    said = expression_at(r, at + 1)
    if said is None:
        return False
    of = said.make("measure")
    return _done(r, [Ratio("-", _at_fraction(of, 0.75), _at_fraction(of, 0.25))], said.after)


def _two(r: Reader, at: int) -> tuple[Said, Said] | None:
    first = expression_at(r, at + 1)
    if first is None or r.word(first.after) not in _AND:
        return None
    second = expression_at(r, first.after + 1)
    return (first, second) if second is not None else None


def _pair(r: Reader, at: int, func: Func) -> bool:
    pair = _two(r, at)
    if pair is None:
        return False
    first, second = (said.make("measure") for said in pair)
    return _done(r, [Agg(func, first, other=second)], pair[1].after)


def _slope(r: Reader, at: int) -> bool:
    """`slope of A over B`; along the days where nothing else is named."""
    if _pair(r, at, Func.SLOPE):
        return True
    said = expression_at(r, at + 1)
    if said is None or not has_dates(r):
        return False
    dated = [f for f in r.schema.fields.values() if f.is_date]
    first = as_date(dated[0].profile.minimum)
    if first is None:
        return False
    days = Arith(ArithOp.SUBTRACT, TIME, Lit(first))
    r.note("the trend is the change per day, of a straight line by least squares", 0.05)
    return _done(r, [Agg(Func.SLOPE, said.make("measure"), other=days)], said.after)


def _outliers(r: Reader, at: int) -> bool:
    """Rows far from the rest: beyond 1.5 ranges of the quartiles, or 3 standard deviations."""
    said = expression_at(r, at + 1)
    after = said.after if said is not None else at + 1
    if said is None:
        before = _last_number(r)
        if before is None:
            return False
        of: Expr = before
    else:
        of = said.make("test")
    by_deviation = any(_arg(r, i) == "zscore" for i in range(len(r.segments)))
    low, high = _by_deviation(of) if by_deviation else _by_quartiles(of)
    rule = "3 standard deviations from the mean" if by_deviation else "1.5 quartile ranges"
    r.note(f"took values beyond {rule} for outliers", 0.05)
    r.at = after
    r.test(
        Some(
            (
                Than(CompareOp.LT, of, Query(items=[low])),
                Than(CompareOp.GT, of, Query(items=[high])),
            )
        )
    )
    r.q.items = [i for i in r.q.items if i != of]
    r.q.whole = not r.q.items
    while _arg(r, r.skip(r.at)) in ("zscore", "iqr"):
        r.at = r.skip(r.at) + 1
    return True


def _arg(r: Reader, at: int) -> str:
    s = r.segment(at)
    sense = s.sense(Op.STATISTIC) if s is not None else None
    return sense.arg if sense is not None else ""


def _last_number(r: Reader) -> Expr | None:
    numbers = [x for x in r.slots if x.kind == "column" and x.options[0].field.numeric]
    return numbers[-1].expr if numbers else None


def _by_quartiles(of: Expr) -> tuple[Item, Item]:
    low, high = _at_fraction(of, 0.25), _at_fraction(of, 0.75)
    reach = Ratio("*", Lit(1.5), Ratio("-", high, low))
    return Ratio("-", low, reach), Ratio("+", high, reach)


def _by_deviation(of: Expr) -> tuple[Item, Item]:
    mean = Agg(Func.AVG, of)
    reach = Ratio("*", Lit(3.0), Agg(Func.STDDEV, of))
    return Ratio("-", mean, reach), Ratio("+", mean, reach)
