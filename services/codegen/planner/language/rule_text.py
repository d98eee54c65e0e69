"""Rules for texts of the rows' own name: `airports starting with San`."""

from services.codegen.planner.language.comparing import text_at
from services.codegen.planner.language.expressions import field_slot
from services.codegen.planner.language.labels import label
from services.codegen.planner.language.reader import TEST, Reader
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import Match, TextMatch

_HOW = {Op.STARTS: TextMatch.STARTS, Op.ENDS: TextMatch.ENDS}


def own_text_rule(r: Reader) -> bool:
    """`starting with San` right after the rows: their name is meant."""
    s = r.segments[r.at]
    sense = s.sense(*_HOW)
    if sense is None or s.columns or s.values or not r.q.entity or not r.names_table(r.back(r.at)):
        return False
    field = label(r.schema, r.q.entity)[0]
    text, after = text_at(r, r.at + 1)
    if field.numeric or field.is_date or not text:
        return False
    r.test(Match(_HOW[sense.op], field_slot(r, field, "test").expr, text))
    r.note(f"compared the beginning or end of {field.name!r}", 0.05)
    r.zone = TEST
    r.at = after
    return True
