"""What is made of a measure once the whole question is read: shares, growth, running totals."""

from dataclasses import replace

from services.codegen.planner.language.query import Agg, Item, Ratio, Share, is_expr
from services.codegen.planner.language.reader import Reader, Wrap
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import Col, Func


def wrapped(r: Reader) -> None:
    """Apply each wrap to its item."""
    for wrap in r.wraps:
        _measure_pending(r)
        place = _place(r, wrap)
        if place is None:
            r.weak.append(wrap.kind)
            continue
        item = r.q.items[place]
        r.q.items[place] = _share(r, wrap, item) if wrap.kind == "share" else wrap.apply(item)


def _measure_pending(r: Reader) -> None:
    """`total` as in `percentage of the total` says nothing more where nothing follows it."""
    if r.q.items and r.pending == [Func.SUM]:
        r.pending = []


def _place(r: Reader, wrap: Wrap) -> int | None:
    """The item that is wrapped: what was said next, else what was said last."""
    if wrap.item < len(r.q.items):
        return wrap.item
    if r.q.items:
        return len(r.q.items) - 1
    tables = [t for t in (r.q.entity, *r.q.tables, *r.schema.tables) if t]
    if not tables or not (r.q.entity or r.q.tables or len(r.schema.tables) == 1):
        return None
    r.q.items.append(Agg(Func.COUNT, None, tables[0], r.nouns.get(tables[0], "")))
    return 0


def _share(r: Reader, wrap: Wrap, item: Item) -> Item:
    """A part of the whole by conditions, or each group's part of the total."""
    if isinstance(item, Col) and _of_percents(r, item):
        return item
    measure = item
    if isinstance(item, Col) and not _number(r, item):
        measure = Agg(Func.COUNT, None, *_counted(r))
    said = [c for c in r.q.where if c.at > wrap.at]
    tests = [c for c in said if c.at >= _told(r, wrap.at)] or said
    timeless = [c for c in tests if not _period(r, c.at)] or tests
    grouped = r.q.keys or r.q.group_tables
    introduced = any(c.at >= _told(r, wrap.at) for c in said)
    if grouped and not introduced and all(_period(r, c.at) for c in tests):
        # `share of sales by region in 2014`: of the total of that year.
        return wrap.apply(measure)
    if tests:
        r.q.where = [replace(c, part=True) if c in timeless else c for c in r.q.where]
        op = "/" if wrap.apply(measure) == Share(measure, fraction=True) else "%"
        return Ratio(op, _part(measure), measure)
    return wrap.apply(measure) if grouped else item


def _of_percents(r: Reader, item: Col) -> bool:
    """`percentage of Android`, where the column holds percentages itself."""
    slot = next((s for s in r.slots if s.expr == item), None)
    field = slot.options[0].field if slot is not None else None
    if field is None:
        return False
    named = bool(field.stems & _PERCENTS) or "%" in field.name
    return named or any(str(v).rstrip().endswith("%") for v in field.profile.values[:5])


_PERCENTS = frozenset({"percent", "percentag", "pct", "rate", "share", "proport", "fraction"})


def _part(measure: Item) -> Item:
    if isinstance(measure, Agg):
        return replace(measure, part=True)
    return Agg(Func.SUM, measure, part=True) if is_expr(measure) else measure


def _told(r: Reader, at: int) -> int:
    """Where the words begin that tell the part: `that are late`, `were late`."""
    for i in range(at + 1, len(r.segments)):
        if r.sense(i, Op.RELATIVE, Op.EQUALS, Op.NO) and not r.segments[i].columns:
            return i
    return len(r.segments)


def _period(r: Reader, at: int) -> bool:
    s = r.segment(at)
    return s is not None and bool(s.period or s.year or s.sense(Op.TEMPORAL))


def _number(r: Reader, item: Col) -> bool:
    slot = next((s for s in r.slots if s.expr == item), None)
    return slot is None or any(o.field.numeric for o in slot.options[:1])


def _counted(r: Reader) -> tuple[str, str]:
    table = r.q.entity or next(iter(r.q.tables), "")
    return table, r.nouns.get(table, "")
