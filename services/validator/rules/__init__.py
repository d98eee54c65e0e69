"""The table of all rules. A rule that is not listed here does not exist."""

from arclight.contracts.names import Framework
from services.validator.analysis.facts import Facts
from services.validator.rules import (
    arc,
    arc_answer,
    col,
    files,
    prv,
    prv_chance,
    prv_instead,
    prv_rows,
    ray,
    ray_slow,
    sec,
    sec_data,
    sec_engine,
    spk,
    spk_catalog,
    spk_slow,
)
from services.validator.rules.rule import Rule

TEXT_RULES: tuple[Rule[str], ...] = arc.TEXT_RULES
PARSES: Rule[str] = arc.PARSES

COMMON: tuple[Rule[Facts], ...] = (
    *arc.RULES,
    *arc_answer.RULES,
    *sec.RULES,
    *sec_engine.RULES,
    *sec_data.RULES,
    files.RULE,
    *prv.RULES,
    *prv_rows.RULES,
    *prv_instead.RULES,
    *prv_chance.RULES,
    *col.RULES,
)
OF_FRAMEWORK: dict[Framework, tuple[Rule[Facts], ...]] = {
    Framework.SPARK: (*spk.RULES, *spk_slow.RULES, *spk_catalog.RULES),
    Framework.RAY: (*ray.RULES, *ray_slow.RULES),
    Framework.AUTO: (),
}


def rules_for(framework: Framework) -> tuple[Rule[Facts], ...]:
    """The rules over a parsed program of this framework."""
    return COMMON + OF_FRAMEWORK[framework]


ALL: tuple[Rule[str] | Rule[Facts], ...] = (
    PARSES,
    *TEXT_RULES,
    *COMMON,
    *OF_FRAMEWORK[Framework.SPARK],
    *OF_FRAMEWORK[Framework.RAY],
)
