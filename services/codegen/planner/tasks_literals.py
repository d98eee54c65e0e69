"""What stands literally in a computation's prompt: numbers, quoted texts, matrices, formulas."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.codegen.planner.expression import MAX_LENGTH, Language, canonical, code, variables
from services.codegen.planner.words import Kind, Token, tokens

Matrix = tuple[tuple[int | float, ...], ...]


class Is(StrEnum):
    """What an atom is; the value is its mark in the canonical text."""

    WORD = ""
    NUMBER = "#"
    TEXT = '"'
    MATRIX = "§"
    FORMULA = "ƒ"


@dataclass(frozen=True)
class Formula:
    """A formula in canonical form, and the letters that were said for its x and y."""

    text: str
    letters: tuple[str, ...]


@dataclass(frozen=True)
class Atom:
    """A word or symbol in lower case, or a literal with its value."""

    kind: Is
    text: str
    value: "int | float | str | Matrix | Formula | None" = None

    @property
    def number(self) -> int | float | None:
        return self.value if isinstance(self.value, int | float) else None


_NUMBER = r"-?\d+(?:\.\d+)?(?:[eE]-?\d+)?"
_ROW = rf"\[\s*{_NUMBER}(?:\s*,\s*{_NUMBER})*\s*,?\s*\]"
_QUOTES = r"""
    "[^"]*" | “[^”]*” | (?<!\w)'[^']*'(?!\w) | ‘[^’]*’ | `[^`]*`
"""
QUOTED = re.compile(_QUOTES, re.VERBOSE)
_LITERAL = re.compile(
    rf"""
    {_QUOTES}
  | (?P<matrix>\[\s*{_ROW}(?:\s*,?\s*{_ROW})*\s*,?\s*\])
  | (?P<list>{_ROW})
    """,
    re.VERBOSE,
)
_WHOLE = r"\d+(?:,\d{3})*"
_RANGE = re.compile(
    rf"(?<![\w.,-])({_WHOLE})(?:-|–|—| - | – | — |\s?\.{{2,3}}\s?|\s?…\s?)({_WHOLE})(?![\w-])"
)
_CLEAN: Sequence[tuple[re.Pattern[str], str]] = tuple(
    (re.compile(pattern, re.IGNORECASE), new)
    for pattern, new in (
        (r"(?<=\d)_(?=\d)", ""),
        (r"\b(what|how|that|it|which)['’]s\b", r"\1 is"),
        (r"\blet['’]s\b", " "),
        (r"\b(i|we)['’]d\b", r"\1 would"),
        (r"(?<![\d,.])(\d{1,3}) (000(?: 000)*)(?![\d,.])", r"\1,\2"),
        (r"(?<=\d,000) (?=000\b)", ","),
        (r"(\d)\s?-?(?:st|nd|rd|th)\b", r"\1 th "),
        (rf"\b({_WHOLE})\s*[x×]\s*({_WHOLE})\b", r"\1 by \2"),
        (r"π", "pi"),
        (r"(?:\b[fghyz]\s*(?:\(\s*[a-z](?:\s*,\s*[a-z])?\s*\))?\s*=)(?!=)\s*(?=[\w(-])", " "),
        (r"(?:\blambda\s+)?\b[xyknit]\s*(?:->|→|=>|↦)|\blambda\s+[xyknit]\s*:", " "),
        (r"\bsquare root of ([a-z])\b", r"sqrt(\1)"),
        (r"\bsqrt of ([a-z])\b", r"sqrt(\1)"),
        (r"\bsquare of ([a-z])\b", r"\1**2"),
        (r"\bcube of ([a-z])\b", r"\1**3"),
    )
)  # fmt: skip
_FUNCTIONS = "sqrt|sin|cos|tan|exp|log2|log10|log|ln|abs"
_PART = re.compile(
    rf"""\s*(?:
    (?P<number>\d+(?:\.\d+)?(?![\d,]*\d)(?!k))
  | (?P<function>(?:{_FUNCTIONS})\b(?=\s*\(|\s+[xyknit]\b))
  | (?P<variable>[xyknit](?![\w'’]))
  | (?P<constant>pi\b)
  | (?P<sign>\*\*|\^|[-+*/%×·÷−()²³])
  | (?P<word>(?:squared|cubed|plus|minus|times|divided\ by|(?:raised\ )?to\ the\ power\ of)\b)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_SIGNS = {"^": "**", "×": "*", "·": "*", "÷": "/", "−": "-", "²": "**2", "³": "**3"}
_SIGNS |= {"squared": "**2", "cubed": "**3", "plus": "+", "minus": "-", "times": "*"}
_SIGNS |= {"divided by": "/", "to the power of": "**", "raised to the power of": "**"}
_MONEY = re.compile(r"[%$€£]")


def atoms(prompt: str) -> tuple[Atom, ...]:
    """The prompt's words, symbols and literals, in order."""
    found: list[Atom] = []
    at = 0
    for match in _LITERAL.finditer(prompt):
        found += _plain(prompt[at : match.start()])
        found += _literal(match)
        at = match.end()
    return (*found, *_plain(prompt[at:]))


def _literal(match: re.Match[str]) -> Iterator[Atom]:
    whole = match.group()
    if match["matrix"]:
        rows = re.findall(_ROW, whole[1:])
        yield Atom(Is.MATRIX, whole, tuple(tuple(_numbers(row)) for row in rows))
    elif match["list"]:
        for i, number in enumerate(_numbers(whole)):
            if i:
                yield Atom(Is.WORD, ",")
            yield Atom(Is.NUMBER, str(number), number)
    else:
        yield Atom(Is.TEXT, whole, whole[1:-1])


def _numbers(text: str) -> list[int | float]:
    return [_number(n) for n in re.findall(_NUMBER, text)]


def _number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        return float(text)


def _plain(text: str) -> Iterator[Atom]:
    """Text without literals, except numbers and formulas."""
    for pattern, new in _CLEAN:
        text = pattern.sub(new, text)
    at = start = 0
    while at < len(text):
        formula = _formula(text, at)
        if formula is None:
            at = _next_word(text, at)
            continue
        found, end = formula
        yield from _words(text[start:at])
        yield Atom(Is.FORMULA, text[at:end], found)
        at = start = end
    yield from _words(text[start:])


def _next_word(text: str, at: int) -> int:
    """Where a formula may begin next: after a blank or an opening bracket or a comma."""
    while at < len(text) and not (text[at].isspace() or text[at] in ":,="):
        at += 1
    while at < len(text) and (text[at].isspace() or text[at] in ":,="):
        at += 1
    return at


def _formula(text: str, at: int) -> tuple[Formula, int] | None:
    """The longest formula with a variable and an operation that begins at `at`, and its end."""
    parts: list[str] = []
    ends: list[int] = []
    letters: list[str] = []
    end = at
    while (part := _PART.match(text, end)) and end - at <= 2 * MAX_LENGTH:
        said = part.group().strip().lower()
        if part.group()[0].isspace() and part["variable"] and parts and parts[-1].isalpha():
            break
        if part["variable"] and said not in letters:
            letters.append(said)
        parts.append(_SIGNS.get(said, "log" if said == "ln" else said))
        end = part.end()
        ends.append(end)
    names = dict(zip(sorted(letters), "xy", strict=False))
    if not 1 <= len(letters) <= 2:
        return None
    for length in range(len(parts), 1, -1):
        found = _checked([names.get(p, p) for p in parts[:length]])
        if found is not None and len(variables(found)) == len(letters):
            return Formula(found, tuple(sorted(letters))), ends[length - 1]
    return None


def _checked(parts: Sequence[str]) -> str | None:
    written: list[str] = []
    for part in parts:
        before = written[-1] if written else ""
        value = re.fullmatch(r"[a-z]\w*|\(", part) is not None
        if value and re.fullmatch(r"[\d.]+|[xy]|pi|\)|\*\*[23]", before):
            written.append("*")
        bare = re.fullmatch(_FUNCTIONS, before) is not None and part != "("
        written.append(f"({part})" if bare else part)
    try:
        formula = canonical("".join(written))
    except ValueError:
        return None
    return formula if len(code(formula, Language.PYTHON)) <= MAX_LENGTH else None


def _words(text: str) -> Iterator[Atom]:
    """Words, numbers, and every other sign that stands between them."""
    text, at = _RANGE.sub(r"\1 to \2", text), 0
    for token in tokens(text):
        yield from (Atom(Is.WORD, sign) for sign in text[at : token.start] if not sign.isspace())
        yield _atom(token)
        at = token.end
    yield from (Atom(Is.WORD, sign) for sign in text[at:] if not sign.isspace())


def _atom(token: Token) -> Atom:
    if token.kind is Kind.QUOTED:
        return Atom(Is.TEXT, token.text, token.lower)
    if token.kind is Kind.NUMBER and not _MONEY.search(token.text):
        return Atom(Is.NUMBER, token.lower, token.number)
    return Atom(Is.WORD, token.lower)
