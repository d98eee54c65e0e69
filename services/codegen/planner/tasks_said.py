"""A computation's prompt in the canonical words that the task grammar reads."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.codegen.planner.tasks_literals import QUOTED, Atom, Formula, Is, Matrix, atoms
from services.codegen.planner.tasks_numerals import numerals
from services.codegen.planner.tasks_phrases import CHANCE, PHRASES, SAMPLES, SEED, WORKERS

MAX_LENGTH = 4000
"""Characters outside of quotes; longer prompts do not ask for one computation."""
MAX_QUOTED = 100_000
_NO_MARKS = str.maketrans(dict.fromkeys('#"§ƒ', "¤"))
"""What stands in a prompt itself is no mark of a value."""
_DIGITS = re.compile(r"\d{300}")
"""A number so long has no computation."""
MAX_ATOMS = 1000
"""Words and signs outside of quotes; longer prompts do not ask for one computation."""


@dataclass(frozen=True)
class Said:
    """`text` has canonical words and marks: `#` a number, `"` a text, `§` a matrix, `ƒ` a formula.

    The values of each kind stand in the order of their marks. `seed`, `samples` and `workers` were
    said beside the computation and are no longer in the text.
    """

    text: str
    numbers: tuple[int | float, ...] = ()
    texts: tuple[str, ...] = ()
    matrices: tuple[Matrix, ...] = ()
    formulas: tuple[Formula, ...] = ()
    seed: int | float | None = None
    samples: int | float | None = None
    workers: int | None = None


def said(prompt: str) -> Said:
    """The prompt's canonical form; an empty one for a prompt that is too long."""
    bare = QUOTED.sub("", prompt)
    if len(bare) > MAX_LENGTH or len(prompt) > MAX_QUOTED or _DIGITS.search(bare):
        return Said("")
    found = _word_lists(numerals(atoms(prompt)))
    if len(found) > MAX_ATOMS:
        return Said("")
    text = " ".join(_marked(found))
    for pattern, new in PHRASES:
        text = pattern.sub(new, text)
    text, workers = _option(_single(text), WORKERS, found)
    text, seed = _option(text, SEED, found)
    samples = None
    if CHANCE.search(text):
        text, samples = _option(text, SAMPLES, found)
    return _said(_variables(_single(text), found), found, seed, samples, workers)


def _single(text: str) -> str:
    return " ".join(text.split())


def _marked(found: Sequence[Atom]) -> Iterator[str]:
    for i, atom in enumerate(found):
        word = atom.kind is Is.WORD
        yield atom.text.translate(_NO_MARKS) if word else f"{atom.kind.value}{i}"


def _option(
    text: str, pattern: re.Pattern[str], found: Sequence[Atom]
) -> tuple[str, int | float | None]:
    match = pattern.search(text)
    if match is None:
        return text, None
    kept = match["kept"] or "" if "kept" in match.re.groupindex else ""
    rest = f"{text[: match.start()]} {kept} {text[match.end() :]}"
    return _single(rest), found[int(match["n"])].number


def _variables(text: str, found: Sequence[Atom]) -> str:
    """The letters of the formula become x and y."""
    letters = [a.value.letters for a in found if isinstance(a.value, Formula)]
    for letter, name in zip(letters[0] if letters else (), "xy", strict=False):
        text = re.sub(rf"(?<!\S){letter}(?!\S)", name, text)
    return text


def _said(
    text: str,
    found: Sequence[Atom],
    seed: int | float | None,
    samples: int | float | None,
    workers: int | float | None,
) -> Said:
    used = [found[int(n)] for n in re.findall(r'[#"§ƒ](\d+)', text)]
    return Said(
        text=re.sub(r'([#"§ƒ])\d+', r"\1", text),
        numbers=tuple(a.value for a in used if isinstance(a.value, int | float)),
        texts=tuple(a.value for a in used if isinstance(a.value, str)),
        matrices=tuple(a.value for a in used if isinstance(a.value, tuple)),
        formulas=tuple(a.value for a in used if isinstance(a.value, Formula)),
        seed=seed,
        samples=samples,
        workers=workers if isinstance(workers, int) else None,
    )


_WORDS = frozenset({"word", "words", "string", "strings"})
_LISTS = _WORDS | {"name", "names", ":"}
_VERBS = frozenset(
    {"sort", "order", "alphabetize", "reverse", "uppercase", "lowercase", "capitalize"}
)


def _word_lists(found: Sequence[Atom]) -> list[Atom]:
    """The items of a list of bare words (`the words apple, pear and fig`) become texts."""
    out = list(found)
    for i, atom in enumerate(found):
        if atom.kind is Is.WORD and atom.text in _LISTS | _VERBS:
            start = i + 2 if _text_at(found, i + 1) == ":" else i + 1
            places = _items(found, start, numbers=atom.text in _WORDS)
            lone = atom.text in ("word", "string") and len(places) == 1
            if len(places) > 1 or (lone and _ends(found, places[0])):
                for place in places:
                    out[place] = Atom(Is.TEXT, found[place].text, found[place].text)
                return out
    return out


def _text_at(found: Sequence[Atom], at: int) -> str:
    return found[at].text if at < len(found) else ""


def _ends(found: Sequence[Atom], at: int) -> bool:
    return all(a.text in ".?!" for a in found[at + 1 :])


def _items(found: Sequence[Atom], at: int, *, numbers: bool) -> list[int]:
    """The places of words that commas or `and` separate, from `at` on; number words too if so."""
    places: list[int] = []
    kinds = (Is.WORD, Is.NUMBER) if numbers else (Is.WORD,)
    while at < len(found) and found[at].kind in kinds and found[at].text.isalpha():
        places.append(at)
        separators = at + 1
        while _text_at(found, separators) in (",", "and", ";"):
            separators += 1
        if separators == at + 1:
            break
        at = separators
    return places
