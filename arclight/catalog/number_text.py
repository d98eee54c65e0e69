"""Numbers as people write them in text cells."""

import re
from collections.abc import Sequence

NUMBER_TEXT = re.compile(
    r"\s*[-+]?\s*[$€£¥]?\s*"
    r"(?:\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
    r"\s*%?\s*",
    re.ASCII,
)
"""`1,234`, `$5`, `-$5`, `12 %`, ` 7 `: what a reader can turn into a number without guessing."""

_CODE = re.compile(r"\s*[-+]?0\d+\s*", re.ASCII)


def is_number_text(cell: str) -> bool:
    """True when `cell` is one number with at most separators, a currency sign or a percent sign."""
    return NUMBER_TEXT.fullmatch(cell) is not None


def is_code(cell: str) -> bool:
    """True for digits with a leading zero, which a number would not keep."""
    return _CODE.fullmatch(cell) is not None


def number_share(cells: Sequence[str]) -> float:
    """The share of number texts. 0 when any cell has a leading zero: then they are codes."""
    if not cells or any(map(is_code, cells)):
        return 0.0
    return sum(map(is_number_text, cells)) / len(cells)
