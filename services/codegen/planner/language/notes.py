"""What was assumed in reading words as columns and values, in words for the person who asked."""

from collections.abc import Iterator

from services.codegen.planner.language.query import Query, measures_in
from services.codegen.planner.language.reader import Reader
from services.codegen.planner.language.resolve import Choice, rivals
from services.codegen.planner.language.slots import Option, Slot
from services.codegen.planner.lexicon import stem
from services.codegen.planner.plan import Col, Func
from services.codegen.planner.schema import Schema
from services.codegen.planner.words import pieces

_NUMERIC = frozenset(Func) - {Func.COUNT, Func.COUNT_DISTINCT}


def reading_notes(r: Reader, choice: Choice) -> list[str]:
    """`'repair cost' as column 'Cost Repair'`, `'Alaska' as 'state' = 'AK'`, and the rivals."""
    pairs = list(zip(r.slots, choice.options, strict=True))
    found = [n for slot, option in pairs for n in _of_slot(slot, option)]
    return list(dict.fromkeys(found))


def _of_slot(slot: Slot, option: Option) -> Iterator[str]:
    if slot.role in ("loose", "time") or len(slot.options) == 0:
        return
    if option.value is not None:
        said, meant = slot.text, str(option.value.value)
        other = next(_other_cells(slot, option), "")
        if option.value.part and option.value.sampled:
            yield f"took any {option.field.name!r} that contains {meant!r}"
        elif said.casefold() != meant.casefold() or other:
            yield f"read {said!r} as {option.field.name!r} = {meant}{other}"
        return
    others = [o.field.name for o in rivals(slot, option)]
    if others and not option.exact:
        named = ", ".join(map(repr, dict.fromkeys(others)))
        yield f"read {slot.text!r} as column {option.field.name!r}; could also mean {named}"
    elif tuple(map(stem, pieces(slot.text))) != tuple(map(stem, pieces(option.field.name))):
        yield f"read {slot.text!r} as column {option.field.name!r}"


def _other_cells(slot: Slot, option: Option) -> Iterator[str]:
    """`New York` is a city, and could also mean the state."""
    for o in rivals(slot, option):
        near = o.exact and option.exact and o.field.table is option.field.table
        if near and o.value is not None and slot.beside is None and not slot.hint:
            yield f"; could also mean {o.field.name!r} = {o.value.value}"


def number_notes(q: Query, schema: Schema) -> list[str]:
    """Text that is measured as numbers: which cells are left out."""
    items = (*q.items, *(by for by, _ in q.order), *(h.measure for h in q.having))
    numeric = [m.of for i in items for m in measures_in(i) if m.func in _NUMERIC]
    notes = []
    for name in sorted({of.name for of in numeric if isinstance(of, Col)}):
        f = schema.fields.get(name)
        if f is not None and f.textual_number:
            odd = ", ".join(map(repr, f.profile.not_numeric[:5])) or "none in the sample"
            notes.append(f"cells of {f.name!r} that are no number count as missing: {odd}")
    return notes
