"""Names, literals and prose of a program."""

import keyword
import re
import textwrap
from collections.abc import Collection, Sequence
from datetime import date, datetime

from services.codegen.planner import plan as p
from services.codegen.planner.render.layout import WIDTH

OUTPUT = "arclight-output"
MAX_PROSE = 500
"""Characters of a question or an assumption that stand in the program; the job keeps all."""
_PIECE = 72
"""Characters of a text that is cut, so that its escapes fit on the line too."""
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quote(text: str) -> str:
    """`text` as a string literal, with the quotes that need fewer escapes."""
    mark = "'" if text.count('"') > text.count("'") else '"'
    return mark + "".join(_escape(c, mark) for c in text) + mark


def _escape(char: str, mark: str) -> str:
    if char == mark:
        return "\\" + char
    if char in _ESCAPES:
        return _ESCAPES[char]
    return char if char.isprintable() else repr(char)[1:-1]


def literal(value: p.Scalar) -> str:
    """`value` as a Python expression; dates need `from datetime import date, datetime`."""
    match value:
        case str():
            return quote(value)
        case datetime():
            parts: list[int] = [value.year, value.month, value.day, value.hour, value.minute]
            parts += [value.second, value.microsecond] if value.microsecond else []
            parts += [value.second] if value.second and not value.microsecond else []
            return f"datetime({', '.join(map(str, parts))})"
        case date():
            return f"date({value.year}, {value.month}, {value.day})"
        case _:
            return repr(value)


def identifier(name: str, taken: Collection[str]) -> str:
    """A lower-case variable name for `name` that is not in `taken`."""
    plain = re.sub(r"\W+", "_", name.lower(), flags=re.ASCII).strip("_") or "table"
    # `l`, `o` and `i` look like digits, as constants too.
    if plain[0].isdigit() or keyword.iskeyword(plain) or plain in ("l", "o", "i"):
        plain = f"table_{plain}"
    candidate, number = plain, 2
    while candidate in taken:
        candidate, number = f"{plain}_{number}", number + 1
    return candidate


def fresh(name: str, taken: Collection[str]) -> str:
    """`name`, with as many underscores as make it a name that is not in `taken`."""
    while name in taken:
        name += "_"
    return name


def docstring(planned: p.Planned) -> list[str]:
    """The module's docstring: the question, the reading of it, the assumptions."""
    title = _prose(planned.question or planned.summary) or "Answer one question"
    lines = ['"""' + line if not i else line for i, line in enumerate(_wrap(title, WIDTH - 6))]
    summary = _prose(planned.summary)
    if planned.question and summary:
        lines += ["", *_wrap(summary, WIDTH - 4)]
    if planned.assumptions:
        lines += ["", "Assumptions:"]
        for assumption in planned.assumptions:
            lines += _wrap(_prose(assumption), WIDTH - 4, "- ", "  ")
    return [lines[0] + '"""'] if len(lines) == 1 else [*lines, '"""']


def constant(name: str, value: str) -> list[str]:
    """`name = "…"`, in parentheses where it is too long for a line, and fits on one there."""
    text = quote(value)
    if len(f"{name} = {text}") <= WIDTH or len(text) > WIDTH - 4:
        return [f"{name} = {text}"]
    return [f"{name} = (", f"    {text}", ")"]


def implicit(name: str, parts: Sequence[str]) -> list[str]:
    """`name = "…"`: the joined parts, over several lines where one is too short."""
    line = f"{name} = {quote(''.join(parts))}"
    if len(line) <= WIDTH:
        return [line]
    lines = [""]
    for part in (piece for whole in parts for piece in _pieces(whole)):
        if lines[-1] and len(quote(lines[-1] + part)) > WIDTH - 4:
            lines.append("")
        lines[-1] += part
    return [f"{name} = (", *(f"    {quote(line)}" for line in lines), ")"]


def _pieces(text: str) -> list[str]:
    """`text` itself where it fits on a line, else cut after blanks."""
    if len(quote(text)) <= WIDTH - 4:
        return [text]
    return re.findall(rf".{{1,{_PIECE - 1}}}\s|.{{1,{_PIECE}}}", text, re.DOTALL)


def _wrap(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _prose(text: str) -> str:
    """`text` safe inside a docstring: no quotes or escapes that could end it, one line."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    short = plain if len(plain) <= MAX_PROSE else plain[: MAX_PROSE - 1] + "…"
    return short.replace("\\", "\\\\").replace('"', "'")
