"""Columns that a word asks about without naming them: `older` → age, `who` → a person's name."""

from collections.abc import Sequence

from services.codegen.planner.columns import best_column
from services.codegen.planner.language.reader import Reader
from services.codegen.planner.language.slots import Option, Slot
from services.codegen.planner.lexicon import lexicon
from services.codegen.planner.plan import Col
from services.codegen.planner.schema import Field


def hinted_slot(r: Reader, hints: Sequence[str], role: str) -> Slot | None:
    """A slot for the columns that fit the hints, the first hints best."""
    options: dict[str, Option] = {}
    for rank, said in enumerate(hints):
        hint = said.removeprefix("-")
        for field in r.schema.fields.values():
            score = _fits(field, hint)
            usable = field.numeric or field.is_date or field.profile.type.value == "string"
            if score and usable and field.key not in options:
                options[field.key] = Option(
                    Col(field.key),
                    field,
                    score * (0.9 - 0.06 * rank),
                    score == 1.0,
                    reversed=said.startswith("-"),
                )
    if not options:
        return None
    best = sorted(options.values(), key=lambda o: -o.score)[:8]
    slot = Slot(len(r.slots), " / ".join(hints[:1]), tuple(best), role=role, want="number", at=r.at)
    r.slots.append(slot)
    return slot


def _fits(field: Field, hint: str) -> float:
    words = hint.split()
    stems = {lexicon_stem(w) for w in words}
    if stems <= field.stems:
        return 1.0 if len(stems) == len(field.stems) else 0.85
    return 0.0


def lexicon_stem(word: str) -> str:
    from services.codegen.planner.lexicon import stem

    return stem(word)


def asked_fields(r: Reader, kind: str, tables: Sequence[str]) -> list[tuple[Field, float]]:
    """Columns that a question word asks for, best first, within `tables` where there are any."""
    wanted = lexicon().wh_columns.get(kind, ())
    out: list[tuple[Field, float]] = []
    for field in r.schema.fields.values():
        if tables and field.table.name not in tables:
            continue
        ranks = [i for i, w in enumerate(wanted) if w in field.stems]
        if ranks:
            score = 0.8 - 0.02 * min(ranks)
            # `who works on it`: a name, though not that of a department
            score -= 0.1 if kind == "person" and not _persons(field) else 0.0
            out.append((field, score))
        elif kind == "time" and field.dated:
            out.append((field, 0.8))
        elif kind == "person" and _persons(field):
            out.append((field, 0.45))
    return sorted(out, key=lambda o: -o[1])


def _persons(field: Field) -> bool:
    """Most cells look like a person's name: two or three capitalised words."""
    cells = [str(v) for v in field.profile.values[:20]]
    if not cells or field.numeric or field.is_date:
        return False
    named = [c for c in cells if _name(c)]
    return len(named) >= 0.7 * len(cells)


def _name(cell: str) -> bool:
    words = cell.split()
    letters = all(w[:1].isupper() and not any(c.isdigit() for c in w) for w in words)
    return 2 <= len(words) <= 4 and letters


__all__ = ["asked_fields", "best_column", "hinted_slot"]
