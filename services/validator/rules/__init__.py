"""The table of all rules. A rule that is not listed here does not exist."""

from arclight.contracts.names import Framework
from services.validator.analysis.facts import Facts
from services.validator.rules import arc, col, files, prv, ray, sec, sec_data, sec_engine, spk
from services.validator.rules.rule import Rule

TEXT_RULES: tuple[Rule[str], ...] = arc.TEXT_RULES
PARSES: Rule[str] = arc.PARSES

COMMON: tuple[Rule[Facts], ...] = (
    *arc.RULES,
    *sec.RULES,
    *sec_engine.RULES,
    *sec_data.RULES,
    files.RULE,
    *prv.RULES,
    *col.RULES,
)
OF_FRAMEWORK: dict[Framework, tuple[Rule[Facts], ...]] = {
    Framework.SPARK: spk.RULES,
    Framework.RAY: ray.RULES,
    Framework.AUTO: (),
}


def rules_for(framework: Framework) -> tuple[Rule[Facts], ...]:
    """The rules over a parsed program of this framework."""
    return COMMON + OF_FRAMEWORK[framework]


ALL: tuple[Rule[str] | Rule[Facts], ...] = (
    PARSES,
    *TEXT_RULES,
    *COMMON,
    *spk.RULES,
    *ray.RULES,
)
