"""Rules along time: `growth of sales by month`, `running total`, `7-day moving average`."""

from services.codegen.planner.language.query import Item, Running, Shift
from services.codegen.planner.language.reader import SELECT, Reader, Wrap
from services.codegen.planner.language.times import has_dates, year_field
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import Func, Unit

_PLAIN = frozenset(
    {"period", "periods", "row", "rows", "point", "points", "values", "observations"}
)
_UNITS = frozenset({Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.QUARTER, Unit.YEAR})


def change_rule(r: Reader) -> bool:
    """`growth of sales by month`, `change in price`, `month over month`."""
    s = r.segments[r.at]
    sense = s.sense(Op.CHANGE, Op.AGAINST)
    if sense is None or s.columns or s.values or not _along_time(r):
        return False
    kinds = [w for w in r.wraps if w.kind in ("growth", "change")]
    if sense.op is Op.AGAINST:
        unit = Unit(sense.arg) if sense.arg != "period" else None
        r.period = unit or r.period
        if not kinds and not _change_ahead(r):
            _wrap(r, "change" if s.text.lower().startswith(_COMPARED) else "growth")
    elif not kinds:
        _wrap(r, sense.arg)
    r.at += 1
    return True


_COMPARED = ("compared", "against", "over", "from", "vs", "than")


def _change_ahead(r: Reader) -> bool:
    return any(r.sense(i, Op.CHANGE) for i in range(r.at, len(r.segments)))


def _wrap(r: Reader, kind: str) -> None:
    r.wraps.append(Wrap(kind, len(r.q.items), r.at, lambda i: Shift(kind, i)))
    r.asking = True
    if kind == "growth":
        r.note("growth is in percent of the period before", 0.02)


def _along_time(r: Reader) -> bool:
    return has_dates(r) or year_field(r) is not None


def running_rule(r: Reader) -> bool:
    """`cumulative sales by month`, `3 month rolling average of price`."""
    window = _window_at(r, r.at)
    at = r.at if window is None else r.skip(window[2])
    s = r.segment(at)
    sense = s.sense(Op.RUNNING) if s is not None and not s.columns else None
    if sense is None or not _along_time(r):
        return False
    if sense.arg == "sum" and window is None:
        return _add(r, at + 1, lambda i: Running(i), [Func.SUM])
    if sense.arg == "window":
        window = window or _window_at(r, r.skip(at + 1))
        after = r.skip(at + 1) if window is None else max(r.skip(window[2]), at + 1)
        if not r.sense(after, Op.AGGREGATE):
            return False
        at = after
    window = window or _window_ahead(r, at + 1)
    rows, unit = (window[0], window[1]) if window is not None else (3, None)
    if window is None:
        r.note("no length was named for the moving average: took 3 rows", 0.1)
    r.period = unit or r.period
    return _add(r, at + 1, lambda i: Running(i, rows), [Func.AVG])


def _add(r: Reader, after: int, apply, drop: list[Func]) -> bool:  # type: ignore[no-untyped-def]
    if r.pending == drop:
        r.pending = []
    r.wraps.append(Wrap("running", len(r.q.items), r.at, apply))
    r.asking, r.zone, r.link = True, SELECT, ""
    r.at = after
    at = r.skip(after)
    if (
        drop == [Func.SUM]
        and r.sense(at, Op.AGGREGATE)
        and r.segments[at].args(Op.AGGREGATE) == {"sum"}
    ):
        r.at = at + 1
    return True


def _window_at(r: Reader, at: int) -> tuple[int, Unit | None, int] | None:
    """`7 day`, `3 months`: rows of the window, the unit, and the position after."""
    number = r.number(at)
    s = r.segment(at + 1)
    if not isinstance(number, int) or s is None or not 1 < number <= 10_000:
        return None
    if s.text.lower() in _PLAIN:
        return number, None, at + 2
    sense = s.sense(Op.UNIT)
    if sense is None or Unit(sense.arg) not in _UNITS:
        return None
    return number, Unit(sense.arg), at + 2


def _window_ahead(r: Reader, at: int) -> tuple[int, Unit | None, int] | None:
    """`… over 7 days`, `… with a window of 3`: found anywhere after, and taken out."""
    for i in range(at, len(r.segments)):
        found = _window_at(r, i)
        number = r.number(i)
        if found is None and isinstance(number, int) and r.word(i - 1) in ("window of", "of size"):
            found = number, None, i + 1
        if found is not None:
            start = (
                i - 1 if r.word(i - 1) in ("over", "over the last", "of", "the last", "last") else i
            )
            r.segments = [*r.segments[:start], *r.segments[found[2] :]]
            return found
    return None


__all__ = ["Item", "change_rule", "running_rule"]
