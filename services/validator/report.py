"""The validator alone, for `arclight check`.

Looked up by module name, so its answers are plain data: what JSON can carry.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import JsonValue

from arclight.contracts.finding import Finding
from arclight.contracts.names import Framework
from services.validator.check import Checked, framework_of, not_text
from services.validator.context import Context, Declared
from services.validator.rules import ALL
from services.validator.select import Selection, selection

Reported = dict[str, JsonValue]


@dataclass(frozen=True)
class Reporter:
    """Checks programs of one kind, which people brought: they may print their answer."""

    context: Context
    chosen: Selection

    def report(self, data: bytes) -> Reported:
        """The findings, the framework, and the program in sentences. Never raises."""
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            finding = self.chosen.judged(not_text(error))
            return _reported(data.decode(errors="replace"), self.context, [finding], ())
        context = self.context
        if context.framework is Framework.AUTO:
            context = replace(context, framework=framework_of(text))
        checked = Checked(text, context, self.chosen)
        return _reported(text, context, checked.findings, checked.explanation)


def reporter(
    framework: str = Framework.AUTO,
    sources: Mapping[str, str] | None = None,
    prompt: str = "",
    *,
    select: str = "",
    ignore: str = "",
    severity: str = "",
) -> Reporter:
    """`sources`: name → URI; a table of a catalog has its name and no URI.

    Raises ValueError for a rule that does not exist or cannot be switched off like this.
    """
    declared = tuple(Declared(name, uri) for name, uri in (sources or {}).items())
    context = Context(
        framework=Framework(framework),
        sources=declared,
        prompt=prompt,
        generated_data=not declared,
        brought=True,
    )
    return Reporter(context, selection(select, ignore, severity))


def rules() -> list[Reported]:
    """Every rule, in the order of its code."""
    return [
        {
            "code": rule.code,
            "severity": rule.severity.value,
            "title": rule.title,
            "why": rule.why,
            "bad": rule.bad,
            "good": rule.good,
            "hint": rule.hint,
        }
        for rule in sorted(ALL, key=lambda r: r.code)
    ]


def _reported(
    text: str, context: Context, findings: Sequence[Finding], explanation: Sequence[str]
) -> Reported:
    return {
        "text": text,
        "framework": context.framework.value,
        "findings": [f.model_dump(mode="json") for f in findings],
        "explanation": list(explanation),
    }
