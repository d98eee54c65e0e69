"""Rows as aligned text: numbers to the right, one number of decimals per column."""

from collections.abc import Iterable, Sequence
from typing import Any

from arclight.sandbox.logs import neutral

_NOT_FINITE = ("NaN", "Infinity", "-Infinity")
"""How JSON has the floats that are no numbers."""
MAX_DECIMALS = 4
"""Enough for money and means; CSV, JSON and Parquet carry every digit."""


def table(
    names: Sequence[str], rows: Iterable[Sequence[Any]], *, rule: str = "─", max_width: int = 0
) -> list[str]:
    """Lines of text. `max_width` cuts longer cells; 0 cuts none."""
    rows = [list(r) for r in rows]
    columns = [[r[i] for r in rows] for i in range(len(names))]
    shown = [[_cut(c, max_width) for c in _cells(column)] for column in columns]
    heads = [_one_line(n) for n in names]
    widths = [max(map(len, [h, *cells])) for h, cells in zip(heads, shown, strict=True)]
    right = [_numeric(column) for column in columns]

    def line(cells: Sequence[str]) -> str:
        placed = zip(cells, widths, right, strict=True)
        return "  ".join(c.rjust(w) if r else c.ljust(w) for c, w, r in placed).rstrip()

    body = [line([cells[i] for cells in shown]) for i in range(len(rows))]
    return [line(heads), "  ".join(rule * w for w in widths), *body]


def _cells(column: Sequence[Any]) -> list[str]:
    floats = [v for v in column if isinstance(v, float)]
    decimals = max((_decimals(v) for v in floats), default=0)
    return [_text(v, decimals) for v in column]


def _text(value: Any, decimals: int) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return _float(value, decimals)
    if isinstance(value, int):
        return str(value)
    return _one_line(str(value))


def _float(value: float, decimals: int) -> str:
    if value and (abs(value) >= 1e15 or abs(value) < 10**-MAX_DECIMALS):
        return f"{value:.6g}"
    return f"{value:.{decimals}f}"


def _decimals(value: float) -> int:
    """Decimals that this value needs, at most MAX_DECIMALS, at least one to show that it is no
    whole number by type."""
    text = f"{value:.{MAX_DECIMALS}f}".rstrip("0")
    return max(1, len(text.partition(".")[2]))


def _numeric(column: Sequence[Any]) -> bool:
    values = [v for v in column if v is not None]
    return any(map(_is_number, values)) and all(_is_number(v) or v in _NOT_FINITE for v in values)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def tame(text: str) -> str:
    """Text of several lines with nothing in it that acts on a terminal."""
    return "\n".join(map(neutral, text.split("\n")))


def _one_line(text: str) -> str:
    """Line breaks and control characters would break the table, or the terminal."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def _cut(text: str, width: int) -> str:
    return text if not width or len(text) <= width else text[: width - 1] + "…"
