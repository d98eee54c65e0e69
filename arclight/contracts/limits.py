"""What one program run may use: asked by a request, bounded by the installation.

A field that is None asks for nothing: the installation's own limit counts. A request can only
lower a limit; whatever it asks above the ceiling is refused when it is submitted.
"""

from datetime import timedelta
from typing import Self

from pydantic import Field

from arclight.contracts.base import Frozen

MIB = 1024**2
MAX_BYTES = 16 * 1024**4
"""16 TiB. Above any machine, and still exact in every JSON reader."""


class RunLimits(Frozen):
    """Limits of one start of a program; all optional. Bytes are plain numbers."""

    memory: int | None = Field(
        default=None,
        ge=16 * MIB,
        le=MAX_BYTES,
        description="Bytes of memory over all processes of the run.",
    )
    cores: int | None = Field(
        default=None, ge=1, le=1024, description="Processor cores that the run may keep busy."
    )
    wall: timedelta | None = Field(
        default=None,
        ge=timedelta(seconds=1),
        le=timedelta(hours=24),
        description="Time from the program's start to its end: seconds, or ISO 8601 like `PT5M`.",
    )
    output: int | None = Field(
        default=None,
        ge=1024,
        le=MAX_BYTES,
        description="Bytes that the run may write, its answer and spilled data included.",
    )
    rows: int | None = Field(
        default=None, ge=1, le=10**12, description="Rows that the answer may have."
    )
    log: int | None = Field(
        default=None, ge=1024, le=MAX_BYTES, description="Bytes of log kept for the run."
    )

    def above(self, ceiling: Self) -> tuple[str, ...]:
        """Names of the limits that ask for more than `ceiling` gives."""
        return tuple(
            name
            for name in type(self).model_fields
            if _more(getattr(self, name), getattr(ceiling, name))
        )

    def within(self, ceiling: Self) -> Self:
        """The limits in force: what was asked, never above `ceiling`; its value where nothing
        was asked."""
        asked = {name: getattr(self, name) for name in type(self).model_fields}
        above = self.above(ceiling)
        lower = {n: v for n, v in asked.items() if v is not None and n not in above}
        return ceiling.model_copy(update=lower)


def _more(asked: int | timedelta | None, most: int | timedelta | None) -> bool:
    if isinstance(asked, timedelta) and isinstance(most, timedelta):
        return asked > most
    return isinstance(asked, int) and isinstance(most, int) and asked > most


def told(name: str, value: int | timedelta) -> str:
    """The limit `name` with its unit, for people: `4 GiB`, `2 cores`, `600 s`, `1,000 rows`."""
    if isinstance(value, timedelta):
        return f"{value.total_seconds():g} s"
    if name in ("cores", "rows"):
        return f"{value:,} {name.removesuffix('s') if value == 1 else name}"
    size, unit = float(value), "bytes"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if size < 1024:
            break
        size, unit = size / 1024, larger
    exact = value if unit == "bytes" else f"{size:.2f}".rstrip("0").rstrip(".")
    return f"{exact} {unit}"
