"""Texts that Python cannot read: the few slips that it names for sure."""

import re
import warnings
from collections.abc import Callable, Iterator

from services.codegen.mend.tree import parses

Cure = Callable[[str, SyntaxError], str | None]


def readable(text: str) -> Iterator[tuple[str, str]]:
    """Texts that parse, each with a sentence that says what is changed."""
    changed, said = text, list[str]()
    for _ in range(5):  # Python names one slip at a time; who makes more has other plans.
        error = _error(changed)
        if error is None:
            break
        step = next(((new, why) for cure, why in _CURES if (new := cure(changed, error))), None)
        if step is None or step[0] == changed:
            return
        changed = step[0]
        if step[1] not in said:
            said.append(step[1])
    if said and parses(changed):
        yield changed, " ".join(said)


def _error(text: str) -> SyntaxError | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "program.py", "exec", dont_inherit=True)
        except SyntaxError as error:
            return error
        except (ValueError, RecursionError, MemoryError):
            return None
    return None


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _changed(text: str, error: SyntaxError, change: Callable[[str], str]) -> str | None:
    """The text with its failing line changed, its newline kept."""
    lines = _lines(text)
    number = (error.lineno or 0) - 1
    if not 0 <= number < len(lines):
        return None
    body = lines[number].rstrip("\r\n")
    lines[number] = change(body) + lines[number][len(body) :]
    return "".join(lines)


def _colon(text: str, error: SyntaxError) -> str | None:
    if "expected ':'" not in (error.msg or ""):
        return None
    return _changed(
        text, error, lambda line: re.sub(r"\s*(#.*)?\Z", _before_comment, line, count=1)
    )


def _before_comment(found: re.Match[str]) -> str:
    return ":" + found[0]


def _print(text: str, error: SyntaxError) -> str | None:
    if "Missing parentheses in call to 'print'" not in (error.msg or ""):
        return None
    called = re.compile(r"\bprint\s+(.+?)\s*\Z")
    return _changed(text, error, lambda line: called.sub(r"print(\1)", line, count=1))


def _closing(text: str, error: SyntaxError) -> str | None:
    """A bracket that is never closed is closed at the end of its line."""
    found = re.match(r"'([(\[{])' was never closed", error.msg or "")
    if not found:
        return None
    close = {"(": ")", "[": "]", "{": "}"}[found[1]]
    return _changed(text, error, lambda line: line.rstrip() + close)


def _tabs(text: str, error: SyntaxError) -> str | None:
    """Tabs and spaces in one block: a tab goes to the next multiple of eight, as it once did."""
    if not isinstance(error, TabError):
        return None
    indents = re.compile(r"^[ \t]+")
    return "".join(indents.sub(lambda m: m[0].expandtabs(8), line) for line in _lines(text))


def _quotes(text: str, error: SyntaxError) -> str | None:
    """Quotation marks of a word processor."""
    if "invalid character" not in (error.msg or ""):
        return None
    return _changed(text, error, lambda line: line.translate(_TYPOGRAPHIC))


_TYPOGRAPHIC = str.maketrans("“”„‘’–−\u00a0", '"""\'\'-- ')

_CURES: tuple[tuple[Cure, str], ...] = (
    (_colon, "A colon that was missing is added."),
    (_print, "print is called with parentheses, as Python 3 does."),
    (_closing, "A bracket that was never closed is closed."),
    (_tabs, "Tabs are written as spaces: they were mixed."),
    (_quotes, "Typographic quotation marks are plain ones."),
)
