"""What text cells hold besides words: a number with a unit, two states, an order."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from arclight.catalog.number_text import is_code

_FIRST_NUMBER = re.compile(
    r"\s*[-+−]?\s*(?:[A-Z]{1,3}\s?)?[$€£¥]?\s*"
    r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\d,.]*\d)(?!\s*[-–:/]\s*\d)",
    re.ASCII,
)
"""`12 km`, `US$1.5 million`, `23 (3)`, `1,234[2]`; not `3–6`, `10:15` or `1996/97`."""
_STATES = (("yes", "no"), ("y", "n"), ("true", "false"), ("t", "f"))
_FEWEST = 3
"""Different values from which on an order down the file is no chance."""


def first_number_share(cells: Sequence[str]) -> float:
    """The share of cells that begin with a number. 0 when any is a code with a leading zero."""
    if not cells or any(map(is_code, cells)):
        return 0.0
    return sum(_FIRST_NUMBER.match(c) is not None for c in cells) / len(cells)


def yes_no(values: Sequence[str]) -> tuple[str, ...]:
    """The texts for yes and for no of a column that holds nothing else; () for any other."""
    folded = {v.strip().casefold(): v for v in values}
    for yes, no in _STATES:
        if set(folded) == {yes, no} and len(values) == 2:
            return folded[yes], folded[no]
    return ()


def file_order(values: Sequence[float] | Sequence[str]) -> Literal["", "ascending", "descending"]:
    """How the values run from first to last; equal neighbours break no order."""
    if len(set(values)) < _FEWEST:
        return ""
    pairs = list(pairwise(values))
    if all(a <= b for a, b in pairs):  # type: ignore[operator]
        return "ascending"
    return "descending" if all(a >= b for a, b in pairs) else ""  # type: ignore[operator]
