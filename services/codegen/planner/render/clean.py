"""Reading text cells: the patterns that both frameworks' helpers use."""

import re
from collections.abc import Iterator, Mapping

from services.codegen.planner import plan as p
from services.codegen.planner.render.normal import expressions, scans

NUMBER = r"^\s*[-+]?\s*[$€£¥]?\s*((\d{1,3}(,\d{3})+|\d+)(\.\d*)?|\.\d+)([eE][-+]?\d+)?\s*%?\s*$"
"""What `catalog.number_text` calls a number, in the syntax that Java, RE2 and Python share."""
DECORATION = r"[\s,$€£¥%+]"
"""What is not part of the number itself."""

_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
FIRST_NUMBER = rf"(?:^|[\s($€£¥])[-+\x{{2212}}]?[$€£¥]?(?:{_DIGITS}|\.\d+)|{_DIGITS}"
"""The first number in a text, with what may stand right before it, in Java's and RE2's syntax.

A sign counts at the beginning or after a blank: `F-16` holds 16, and `3-2` begins with 3.
"""
FIRST_NUMBER_CODE = (
    f'DIGITS = r"{_DIGITS}"',
    r'FIRST_NUMBER = rf"(?:^|[\s($€£¥])[-+\x{{2212}}]?[$€£¥]?(?:{DIGITS}|\.\d+)|{DIGITS}"',
)
"""`FIRST_NUMBER` as constants of a program."""
BESIDE_NUMBER = r"[\s(,+$€£¥]"
"""What `FIRST_NUMBER` finds beside the number itself."""
MINUS = r"\x{2212}"
"""The typographic minus sign, which stands for `-`."""

_JAVA: Mapping[str, str] = {
    "%Y": "yyyy",
    "%y": "yy",
    "%m": "M",
    "%d": "d",
    "%b": "MMM",
    "%B": "MMMM",
    "%H": "H",
    "%I": "h",
    "%p": "a",
    "%M": "m",
    "%S": "s",
}


WEEKDAYS = frozenset({"%a", "%A"})


def java_format(strptime: str) -> str:
    """Spark's datetime pattern for a strptime format. Raises ValueError for a code without one.

    Spark reads no names of weekdays: the pattern is for a cell without them.
    """
    tokens = re.findall(r"%.|[A-Za-z]+|[^%A-Za-z]", strptime)
    known = [t for t in tokens if t not in WEEKDAYS]
    if strptime == "%Y%m%d":
        return "yyyyMMdd"  # Without signs between them, numbers must have their full width.
    if unknown := [t for t in known if t[0] == "%" and t not in _JAVA]:
        raise ValueError(f"the date format {strptime!r} has no pattern in Spark for {unknown[0]}")
    return "".join(_JAVA.get(t) or _literal(t) for t in known)


def _literal(text: str) -> str:
    """`text` in a pattern of Java, where letters and some signs mean something."""
    if text == "'":
        return "''"
    return f"'{text}'" if text.isalpha() or text in "[]{}#" else text


def finds_numbers(root: p.Node) -> bool:
    """True when a cell or a text is read for the first number in it."""
    called = (e for e in expressions(root) if isinstance(e, p.Call))
    return any(cleaned(root, p.Clean.FIRST_NUMBER)) or any(e.fn is p.Fn.NUMBER for e in called)


def cleaned(root: p.Node, clean: p.Clean) -> Iterator[p.ReadColumn]:
    """The columns that are read with `clean`."""
    return (c for scan in scans(root) for c in scan.columns if c.clean is clean)
