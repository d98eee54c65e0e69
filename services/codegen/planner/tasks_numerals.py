"""Number words that the general tokens leave in pieces: `one hundred and five`, `tenth`."""

from collections.abc import Sequence

from services.codegen.planner.tasks_literals import Atom, Is

_SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_ORDINALS = {
    name: i
    for i, name in enumerate(
        "second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
        "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        2,
    )
}
_ORDINALS |= {"first": 1, "thirtieth": 30, "fortieth": 40, "fiftieth": 50, "sixtieth": 60}
_ORDINALS |= {"seventieth": 70, "eightieth": 80, "ninetieth": 90}
_LARGE = {f"{name}th": size for name, size in _SCALES.items()}


def numerals(found: Sequence[Atom]) -> list[Atom]:
    """The atoms with each number word as one number, and `th` after an ordinal."""
    return _ordinals(_compounds(_lone_scales(found)))


def _lone_scales(found: Sequence[Atom]) -> list[Atom]:
    """`a million`, `half a million`, `the first million`."""
    out: list[Atom] = []
    for atom in found:
        size = _SCALES.get(atom.text) if atom.kind is Is.WORD else None
        if size is None:
            out.append(atom)
            continue
        if out and out[-1].text in ("a", "an"):
            out.pop()
            if out and out[-1].text == "half":
                out.pop()
                size //= 2
        out.append(Atom(Is.NUMBER, atom.text, size))
    return out


def _compounds(found: Sequence[Atom]) -> list[Atom]:
    """`two hundred` and what follows it become one number, with or without `and`."""
    out: list[Atom] = []
    for i, atom in enumerate(found):
        number, last = atom.number, out[-1] if out else None
        joined = last is not None and last.text == "and" and i + 1 <= len(found)
        first = out[-2] if joined and len(out) > 1 else last
        if number is not None and first is not None and _continues(first, atom):
            del out[-2 if joined else -1 :]
            out.append(Atom(Is.NUMBER, f"{first.text} {atom.text}", _sum(first, atom)))
        else:
            out.append(atom)
    return out


def _sum(first: Atom, second: Atom) -> int | float:
    return (first.number or 0) + (second.number or 0)


def _continues(first: Atom, second: Atom) -> bool:
    """True for a number in words whose last word is a scale larger than the second number."""
    words = first.text.split()
    scale = _SCALES.get(words[-1]) if words and first.number is not None else None
    spelled = second.text.replace(" ", "").isalpha() and words and words[0].isalpha()
    return bool(scale and spelled and second.number is not None and 0 < second.number < scale)


def _ordinals(found: Sequence[Atom]) -> list[Atom]:
    out: list[Atom] = []
    for atom in found:
        value = _ORDINALS.get(atom.text) if atom.kind is Is.WORD else None
        large = _LARGE.get(atom.text) if atom.kind is Is.WORD else None
        tens = out[-2] if len(out) > 1 and out[-1].text == "-" else out[-1] if out else None
        ten = tens.number if tens is not None and tens.text.endswith("ty") else None
        if large is not None:
            before = out.pop().number if out and out[-1].number is not None else 1
            out += [Atom(Is.NUMBER, atom.text, (before or 1) * large), Atom(Is.WORD, "th")]
        elif value is not None and ten is not None and value < 10:
            del out[-2 if out[-1].text == "-" else -1 :]
            out += [Atom(Is.NUMBER, atom.text, ten + value), Atom(Is.WORD, "th")]
        elif value is not None and atom.text != "first":
            out += [Atom(Is.NUMBER, atom.text, value), Atom(Is.WORD, "th")]
        else:
            out.append(atom)
    return out
