"""Rules for how games end: `how many games did they win`, `the first title he won`, `a tie`."""

import re
from collections.abc import Mapping
from functools import lru_cache

from services.codegen.planner.language.reader import SELECT, TEST, Reader
from services.codegen.planner.language.rule_places import place_slot, single
from services.codegen.planner.lexicon import Op
from services.codegen.planner.plan import Lit, OneOf
from services.codegen.planner.schema import Field, Schema

_WON, _LOST, _TIED = "won", "lost", "tied"
_SAID: Mapping[str, str] = {
    **dict.fromkeys(("win", "won", "wins", "winning", "victory", "victories"), _WON),
    **dict.fromkeys(("lose", "lost", "loses", "losing", "loss", "losses", "defeat"), _LOST),
    **dict.fromkeys(("tie", "tied", "ties", "draw", "draws", "drawn"), _TIED),
}
_WRITTEN: Mapping[str, str] = {
    **dict.fromkeys(("w", "win", "won", "winner", "victory"), _WON),
    **dict.fromkeys(("l", "loss", "lost", "lose", "defeat", "runner"), _LOST),
    **dict.fromkeys(("t", "d", "tie", "tied", "draw", "drawn", "drew"), _TIED),
}
_FIRST = re.compile(r"\W*([A-Za-z]+)")
_MOSTLY = 0.8
"""Share of a column's cells that begin with an outcome."""


def outcome_rule(r: Reader) -> bool:
    """The rows that ended so, where rows are counted or one of them is asked for."""
    ending = _SAID.get(r.word(r.at))
    s = r.segments[r.at]
    if ending is None or not single(r) or (s.columns and s.columns[0].exact):
        return False
    one = any(x.sense(Op.TOP) or x.text.lower() == "only" for x in r.segments)
    if not (r.counting or r.q.order or one):
        return False
    found = _outcomes(r.schema)
    cells = found[1].get(ending, ()) if found is not None else ()
    if found is None or not cells or _tested(r, found[0]):
        return False
    slot = place_slot(r, found[0], "test")
    r.test(OneOf(slot.expr, tuple(map(Lit, cells))))
    r.zone = TEST if r.zone == SELECT and r.q.items else r.zone
    r.at += 1
    return True


def _tested(r: Reader, field: Field) -> bool:
    """The question says itself which cells of the column are meant."""
    values = [x for x in r.slots if x.kind == "value"]
    later = [s for s in r.segments[r.at + 1 :] if s.values]
    keys = {o.field.key for x in values for o in x.options[:1]}
    return field.key in keys | {s.values[0].field.key for s in later}


@lru_cache(maxsize=16)
def _outcomes(schema: Schema) -> tuple[Field, Mapping[str, tuple[str, ...]]] | None:
    """The column that says how each game ended, and its cells by their ending."""
    for field in schema.texts:
        texts = [v for v in field.profile.values if isinstance(v, str)]
        ends: dict[str, tuple[str, ...]] = {}
        for text in texts:
            word = _FIRST.match(text)
            ending = _WRITTEN.get(word[1].lower()) if word else None
            if ending is not None:
                ends[ending] = (*ends.get(ending, ()), text)
        if field.known and len(ends) > 1 and sum(map(len, ends.values())) >= _MOSTLY * len(texts):
            return field, ends
    return None
