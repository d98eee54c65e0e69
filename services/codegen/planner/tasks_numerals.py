"""Number words that the general tokens leave in pieces: `one hundred and five`, `tenth`."""

from collections.abc import Sequence

from services.codegen.planner.tasks_literals import Atom, Is

_SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_ORDINALS = {
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "eleventh": 11,
    "twelfth": 12,
    "thirteenth": 13,
    "fourteenth": 14,
    "fifteenth": 15,
    "sixteenth": 16,
    "seventeenth": 17,
    "eighteenth": 18,
    "nineteenth": 19,
    "twentieth": 20,
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
    """`two hundred` and what follows it become one number, with or without `and`.

    Not so `one hundred and two thousand`: these are the ends of a range as well.
    """
    out: list[Atom] = []
    for atom in found:
        linked = len(out) > 1 and out[-1].text == "and"
        first = out[-2] if linked else out[-1] if out else None
        total = None if first is None else _joined(first, atom, linked)
        if first is None or total is None:
            out.append(atom)
        else:
            del out[-2 if linked else -1 :]
            out.append(Atom(Is.NUMBER, f"{first.text} {atom.text}", total))
    return out


def _joined(first: Atom, second: Atom, linked: bool) -> int | float | None:
    """The number that both are in words; None where they are two numbers."""
    words = [*first.text.split(), *second.text.split()]
    if first.number is None or second.number is None or not "".join(words).isalpha():
        return None
    scale = _SCALES.get(first.text.split()[-1])
    if scale is None:
        return None
    if 0 < second.number < scale:
        return first.number + second.number
    last = _SCALES.get(words[-1], 1)
    ahead = second.number / last
    if linked or last <= scale or not 0 < ahead < scale:
        return None
    return int(first.number + ahead) * last


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
