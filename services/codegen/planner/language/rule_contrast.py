"""Rules for groups side by side: `compare men and women by wage`, `by region as columns`."""

from services.codegen.planner.language.reader import SELECT, Reader
from services.codegen.planner.lexicon import Op


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
