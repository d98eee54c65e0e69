"""The rules for questions of analysis, and what they leave to the end of a question."""

from collections.abc import Callable

from services.codegen.planner.language.query import measures_in
from services.codegen.planner.language.reader import Reader
from services.codegen.planner.language.rule_changes import change_rule, running_rule
from services.codegen.planner.language.rule_clean import clean_rule
from services.codegen.planner.language.rule_contrast import (
    compared_by_rule,
    contrast_rule,
    pivot_rule,
)
from services.codegen.planner.language.rule_elapsed import elapsed_rule
from services.codegen.planner.language.rule_extremes import extremes_rule
from services.codegen.planner.language.rule_missing import missing_rule, with_rule, without_rule
from services.codegen.planner.language.rule_nth import nth_rule, placed, rank_rule
from services.codegen.planner.language.rule_open import join_rule, open_rule, opened, trend_rule
from services.codegen.planner.language.rule_ratio import halves_rule
from services.codegen.planner.language.rule_recent import recent_rule
from services.codegen.planner.language.rule_shares import (
    average_count_rule,
    per_row_rule,
    ratio_rule,
    share_rule,
)
from services.codegen.planner.language.rule_spread import buckets_rule, spread_rule
from services.codegen.planner.language.rule_statistics import statistic_rule
from services.codegen.planner.language.rule_text import own_text_rule
from services.codegen.planner.language.rule_units import dateless_rule, unit_item, usually_rule
from services.codegen.planner.language.wraps import wrapped

ANALYSIS_RULES: tuple[Callable[[Reader], bool], ...] = (
    clean_rule,
    join_rule,
    open_rule,
    elapsed_rule,
    extremes_rule,
    share_rule,
    ratio_rule,
    halves_rule,
    average_count_rule,
    change_rule,
    running_rule,
    statistic_rule,
    spread_rule,
    buckets_rule,
    pivot_rule,
    contrast_rule,
    compared_by_rule,
    trend_rule,
    recent_rule,
    rank_rule,
    nth_rule,
    usually_rule,
    dateless_rule,
    unit_item,
    missing_rule,
    without_rule,
    with_rule,
    own_text_rule,
    per_row_rule,
)


def analysed(r: Reader) -> None:
    """What the rules of analysis leave until everything has been read."""
    opened(r)
    wrapped(r)
    placed(r)
    if any(m.of is not None for i in r.q.items for m in measures_in(i)):
        # What is measured was named after all.
        r.essential = [w for w in r.essential if w in r.keyless]
