"""The pure check: a program and its context in, findings out."""

from arclight.contracts.finding import Finding
from arclight.contracts.names import Framework, Severity
from services.validator.analysis.facts import Facts
from services.validator.analysis.program import Program, TooDeep
from services.validator.context import Context
from services.validator.explain.explain import explain
from services.validator.rules import PARSES, TEXT_RULES, rules_for
from services.validator.rules.prv import sources_read
from services.validator.select import EVERYTHING, Selection

MAX_FINDINGS = 50
"""More help nobody; they go into the record and to codegen."""

PLAIN_TEXT = "ARC002"
"""The rule that asks for plain text: bytes that are none cannot be handed to it."""

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


class Checked:
    """A program after the check: its findings, and what is known of it otherwise."""

    def __init__(self, program: str, context: Context, selection: Selection = EVERYTHING) -> None:
        self._context = context
        self._selection = selection
        self._facts: Facts | None = None
        self.findings = self._check(program)

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)

    @property
    def parsed(self) -> bool:
        return self._facts is not None

    @property
    def sources_read(self) -> tuple[str, ...]:
        """Names of the declared sources that the program reads."""
        return sources_read(self._facts, self._context) if self._facts else ()

    @property
    def explanation(self) -> tuple[str, ...]:
        """What the program does, in sentences; empty when it does not parse."""
        return explain(self._facts, self._context) if self._facts else ()

    def _check(self, program: str) -> tuple[Finding, ...]:
        active = self._selection.active
        text_rules = [rule for rule in TEXT_RULES if active(rule.code)]
        found = [f for rule in text_rules for f in rule.findings(program, self._context)]
        if not found:
            try:
                self._facts = Facts(Program.of(program))
            except (SyntaxError, ValueError, RecursionError, MemoryError, TooDeep):
                found = list(PARSES.findings(program, self._context))
        if self._facts is not None:
            for rule in rules_for(self._context.framework):
                if active(rule.code):
                    found.extend(rule.findings(self._facts, self._context))
        return _in_order([self._selection.judged(f) for f in found])


def check(program: str, context: Context, selection: Selection = EVERYTHING) -> tuple[Finding, ...]:
    """All findings, errors first, then by place. Never raises for any text."""
    return Checked(program, context, selection).findings


def not_text(error: UnicodeDecodeError) -> Finding:
    """What is found in a program that is not UTF-8."""
    return Finding(
        code=PLAIN_TEXT,
        severity=Severity.ERROR,
        message=f"The program is not UTF-8 text: byte {error.start} cannot be read.",
        hint="Save the program as UTF-8.",
        line=error.object.count(b"\n", 0, error.start) + 1,
    )


def framework_of(program: str) -> Framework:
    """The framework that the program imports; AUTO for neither or both, or when it does not
    parse."""
    try:
        modules = Facts(Program.of(program)).modules
    except (SyntaxError, ValueError, RecursionError, MemoryError, TooDeep):
        return Framework.AUTO
    spark, ray = "pyspark" in modules, "ray" in modules
    if spark == ray:
        return Framework.AUTO
    return Framework.SPARK if spark else Framework.RAY


def _in_order(found: list[Finding]) -> tuple[Finding, ...]:
    unique = dict.fromkeys(found)
    ordered = sorted(unique, key=lambda f: (_ORDER[f.severity], f.line, f.column, f.code))
    return tuple(ordered[:MAX_FINDINGS])
