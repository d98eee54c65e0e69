"""One result of the validator."""

from pydantic import Field

from arclight.contracts.base import Frozen
from arclight.contracts.names import Severity


class Finding(Frozen):
    """A rule that a program breaks, at a place, with the way to mend it."""

    code: str = Field(pattern=r"^(ARC|SPK|RAY|SEC|PRV)\d{3}$", description="Stable rule code.")
    severity: Severity
    message: str
    hint: str = ""
    line: int = Field(default=1, ge=1)
    column: int = Field(default=0, ge=0)
