"""One result of the validator."""

from pydantic import Field

from arclight.contracts.base import Frozen
from arclight.contracts.names import Severity


class Fix(Frozen):
    """A replacement of one stretch of the program's text that would mend the finding.

    Lines count from 1; columns are UTF-8 bytes from 0, as Python's `ast` counts them.
    """

    line: int = Field(ge=1)
    column: int = Field(ge=0)
    end_line: int = Field(ge=1)
    end_column: int = Field(ge=0)
    text: str


class Finding(Frozen):
    """A rule that a program breaks, at a place, with the way to mend it."""

    code: str = Field(pattern=r"^(ARC|SPK|RAY|SEC|PRV|COL)\d{3}$", description="Stable rule code.")
    severity: Severity
    message: str
    hint: str = ""
    line: int = Field(default=1, ge=1)
    column: int = Field(default=0, ge=0)
    candidates: tuple[str, ...] = Field(
        default=(), description="What may be meant instead of an unknown name, best first."
    )
    fix: Fix | None = Field(default=None, description="A change that a machine may make.")
