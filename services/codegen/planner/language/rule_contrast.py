"""Rules for groups side by side: `compare men and women by wage`, `by region as columns`."""

from services.codegen.planner.language.reader import SELECT, Reader
from services.codegen.planner.language.slots import Slot
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import Expr


def contrast_rule(r: Reader) -> bool:
    """`compare men and women by average wage`: each of the values that are said is a group."""
    s = r.segments[r.at]
    sense = s.sense(Op.CONTRAST)
    if sense is None or s.columns or s.values:
        return False
    if sense.arg == "against" and not r.contrast:
        values = r.segment(r.skip(r.at + 1))
        if values is None or not values.values or not r.q.where:
            return False
    r.contrast = True
    r.asking = sense.arg == "compare" or r.asking
    r.zone = SELECT
    r.link = "or" if sense.arg == "against" else ""
    r.at += 1
    return True


def compared_by_rule(r: Reader) -> bool:
    """`compare … by average wage`: what comes after `by` is the measure."""
    if not r.contrast or r.word(r.at) not in (
        "by",
        "in terms of",
        "on",
        "regarding",
        "with respect to",
    ):
        return False
    after = r.skip(r.at + 1)
    s = r.segment(after)
    measured = s is not None and (
        s.sense(Op.AGGREGATE, Op.COUNT) or (s.columns and s.columns[0].field.numeric)
    )
    if not measured:
        return False
    r.zone, r.asking, r.link = SELECT, True, ""
    r.at = after
    return True


def pivot_rule(r: Reader) -> bool:
    """`sales by month and region as columns`, `pivot sales by month and region`."""
    s = r.segments[r.at]
    if r.names_column(r.at) and _as_columns(r, r.at + 1):
        # `with region as columns`
        slot = r.column(r.at, "key")
        r.q.keys = [*(k for k in r.q.keys if not _same_column(r, k, slot)), slot.expr]
        r.at += 1
        return True
    sense = s.sense(Op.PIVOT)
    if sense is None or s.columns:
        return False
    r.pivot = sense.arg
    r.at += 1
    if sense.arg == "each":
        at = r.skip(r.at)
        if not r.names_column(at):
            return False
        slot = r.column(at, "key")
        r.q.keys.append(slot.expr)
        r.at = at + 1
    return True


def _as_columns(r: Reader, at: int) -> bool:
    s = r.segment(at)
    sense = s.sense(Op.PIVOT) if s is not None else None
    return sense is not None and sense.arg == "columns" and bool(r.q.items or r.q.keys)


def _same_column(r: Reader, key: Expr, slot: Slot) -> bool:
    """The key is named again."""
    known = next((x for x in r.slots if x.expr == key and x is not slot), None)
    return known is not None and known.options[0].field is slot.options[0].field
