"""Rules for order: `sorted by age`, `in descending order of`, `alphabetically`."""

from services.codegen.planner.language.query import Item
from services.codegen.planner.language.ranking import ranked_at
from services.codegen.planner.language.reader import ORDER, Reader
from services.codegen.planner.lexicon import Op


def order_rule(r: Reader) -> bool:
    """`sorted by`, `in descending order of`, `alphabetically`, `descending`."""
    s = r.segments[r.at]
    if s.columns or (s.tables and r.sense(r.back(r.at), Op.RELATIVE, Op.EQUALS)):
        # `who ordered in 2022`: what the things did.
        return False
    if (r.sorting and s.sense(Op.BY)) or (r.q.order and s.sense(Op.BY) and r.link and r.sorted):
        r.sorting, r.sorted = False, True
        r.at += 1
        return _order_keys(r)
    if s.sense(Op.SORT):
        if r.names_table(r.at) and not r.sense(r.at + 1, Op.BY):
            # `customers who ordered a lamp`
            return False
        if not (r.q.items or r.q.tables or r.q.keys or r.q.where):
            # `sort the names by age`: first what is shown.
            r.sorting = True
            r.at += 1
            return True
        r.zone = ORDER
        r.link = ""
        r.at += 1
        r.sorted = True
        return _order_keys(r)
    if s.sense(Op.ALPHABETICAL):
        return _alphabetical(r)
    if s.sense(Op.DESC, Op.ASC):
        return _direction(r, descending=s.sense(Op.DESC) is not None)
    return False


def _order_keys(r: Reader) -> bool:
    while True:
        at = r.skip(r.at, Op.BY)
        while r.word(at) in _ONES:
            at = r.skip(at + 1)
        highest = r.segments[at].sense(Op.SUPERLATIVE) if at < len(r.segments) else None
        if highest is not None and not highest.hints and r.names_column(r.skip(at + 1)):
            # `sorted by the ones with the highest revenue first`
            slot = r.column(r.skip(at + 1), "order", "number")
            r.q.order.append((slot.expr, highest.arg == "desc"))
            r.at = r.skip(at + 1) + 1
            r.at += r.word(r.at) == "first"
            return True
        descending = r.sense(at, Op.DESC)
        if r.sense(at, Op.DESC, Op.ASC):
            at = r.skip(at + 1, Op.BY)
        found = ranked_at(r, at)
        if found is None:
            r.at = max(r.at, at) if descending else r.at
            if not r.q.order and descending:
                r.q.order.append((r.q.items[-1], True)) if r.q.items else None
            return True
        by, r.at = found
        turned = r.sense(r.at, Op.DESC, Op.ASC) and not r.word(r.at).endswith((" of", " by"))
        if turned:
            descending = r.sense(r.at, Op.DESC)
        r.q.order.append((by, descending))
        if turned:
            _turn_ages(r, r.at)
            r.at += 1
        if not (r.sense(r.at, Op.AND, Op.COMMA) and _orderable(r, r.skip(r.at + 1))):
            return True
        r.at += 1


_ONES = frozenset({"ones", "one", "with", "that", "having", "those", "who", "which", "has", "have"})


def _turn_ages(r: Reader, at: int) -> None:
    """`from old to young` is down for ages and up for dates of birth."""
    if {"old", "young", "oldest", "youngest"} & set(r.word(at).split()) and _born(r):
        by, descending = r.q.order[-1]
        r.q.order[-1] = (by, not descending)


def _orderable(r: Reader, at: int) -> bool:
    return r.names_column(at) and not r.sense(at + 1, Op.COMPARE)


def _alphabetical(r: Reader) -> bool:
    at = r.skip(r.at + 1, Op.BY)
    named = r.names_column(at) or (r.names_table(at) and r.names_column(at + 1))
    found = ranked_at(r, at) if named else None
    by: Item | None = found[0] if found else None
    r.at = found[1] if found else r.at + 1
    descending = False
    if r.sense(r.at, Op.DESC, Op.ASC):
        descending = r.sense(r.at, Op.DESC)
        r.at += 1
    if by is None and (r.q.order or not r.q.items):
        r.alphabetical = not r.q.order
        return True
    r.q.order.append((by if by is not None else r.q.items[0], descending))
    return True


def _direction(r: Reader, *, descending: bool) -> bool:
    """`descending` after its column, or `in descending order of` before it."""
    at = r.skip(r.at + 1, Op.BY)
    if {"old", "young", "oldest", "youngest"} & set(r.word(r.at).split()):
        descending = descending is not _born(r)
    linked = r.word(r.at).endswith((" of", " by")) or at > r.at + 1
    found = ranked_at(r, at) if linked else None
    if found is not None:
        r.q.order.append((found[0], descending))
        r.at = found[1]
    elif r.q.order:
        r.q.order[-1] = (r.q.order[-1][0], descending)
        r.at += 1
    elif r.q.items:
        r.q.order.append((r.q.items[-1], descending))
        r.at += 1
    else:
        return False
    return True


def _born(r: Reader) -> bool:
    """The order goes by a date or year, which is early for what is old."""
    by = r.q.order[-1][0] if r.q.order else None
    slot = next((s for s in r.slots if s.expr == by), None)
    field = slot.options[0].field if slot is not None and slot.options else None
    return field is not None and (field.is_date or not field.stems.isdisjoint(_DATES))


_DATES = frozenset({"date", "year", "birth", "born", "found"})
