"""What a rule is."""

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from arclight.contracts.finding import Finding, Fix
from arclight.contracts.names import Severity
from services.validator.context import Context

T = TypeVar("T")


@dataclass(frozen=True)
class Hit:
    """One place where a program breaks a rule. A message never names a line: it is compared
    between attempts, and lines move."""

    at: ast.AST | None
    message: str
    hint: str = ""
    """Empty: the rule's own hint."""
    severity: Severity | None = None
    """None: the rule's own severity."""
    line: int = 1
    """Used when `at` is None."""
    candidates: tuple[str, ...] = ()
    """Names that may be meant instead, best first."""
    fix: Fix | None = None
    """A change that a machine may make."""


@dataclass(frozen=True)
class Rule(Generic[T]):
    """A stable code with its reason, an example of each side, and the check over `T`."""

    code: str
    title: str
    severity: Severity
    why: str
    bad: str
    good: str
    hint: str
    check: Callable[[T, Context], Iterable[Hit]]

    def findings(self, subject: T, context: Context) -> Iterable[Finding]:
        """The rule's findings, in the order of the program."""
        for hit in self.check(subject, context):
            yield Finding(
                code=self.code,
                severity=hit.severity or self.severity,
                message=hit.message,
                hint=hit.hint or self.hint,
                line=getattr(hit.at, "lineno", hit.line),
                column=getattr(hit.at, "col_offset", 0),
                candidates=hit.candidates,
                fix=hit.fix,
            )
