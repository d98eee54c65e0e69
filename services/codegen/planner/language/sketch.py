"""From mentions to a query with open slots: the rules in the order in which they are tried."""

from collections.abc import Callable, Sequence

from services.codegen.planner.language.analysis import ANALYSIS_RULES, analysed
from services.codegen.planner.language.query import Agg
from services.codegen.planner.language.reader import GROUP, SELECT, Reader
from services.codegen.planner.language.roles import roles
from services.codegen.planner.language.rule_choice import choice_rule, settle_choice
from services.codegen.planner.language.rule_columns import column_test
from services.codegen.planner.language.rule_expressions import computed_rule
from services.codegen.planner.language.rule_gap import gap_rule, settle_gap
from services.codegen.planner.language.rule_groups import group_rule, key_rule, per_unit_rule
from services.codegen.planner.language.rule_items import (
    better_item,
    column_item,
    passed_over,
    table_rule,
)
from services.codegen.planner.language.rule_links import (
    all_rule,
    both_rule,
    link_rule,
    relative_rule,
    show_rule,
    wh_rule,
)
from services.codegen.planner.language.rule_listing import listing_rule
from services.codegen.planner.language.rule_measures import (
    aggregate_rule,
    count_rule,
    distinct_rule,
)
from services.codegen.planner.language.rule_negation import no_rule, not_rule
from services.codegen.planner.language.rule_none import none_rule
from services.codegen.planner.language.rule_numbered import numbered_rule
from services.codegen.planner.language.rule_numbers import between_test, number_value, operator_test
from services.codegen.planner.language.rule_order import order_rule
from services.codegen.planner.language.rule_outcomes import outcome_rule
from services.codegen.planner.language.rule_places import (
    end_rule,
    neighbour_rule,
    quiet_rule,
    settle_places,
)
from services.codegen.planner.language.rule_ratio import middle_rule, settle_halves
from services.codegen.planner.language.rule_same import same_rule, settle_same
from services.codegen.planner.language.rule_self import self_rule
from services.codegen.planner.language.rule_superlatives import superlative_rule
from services.codegen.planner.language.rule_than import than_average
from services.codegen.planner.language.rule_top import number_limit, top_rule
from services.codegen.planner.language.rule_truth import truth_rule
from services.codegen.planner.language.rule_values import state_test, value_test
from services.codegen.planner.language.segments import Segment
from services.codegen.planner.language.times import period_test
from services.codegen.planner.language.worth import worth_test
from services.codegen.planner.plan import Col
from services.codegen.planner.schema import Schema

Rule = Callable[[Reader], bool]

RULES: tuple[Rule, ...] = (
    middle_rule,
    *ANALYSIS_RULES,
    truth_rule,
    gap_rule,
    same_rule,
    self_rule,
    than_average,
    wh_rule,
    show_rule,
    listing_rule,
    both_rule,
    none_rule,
    no_rule,
    order_rule,
    top_rule,
    end_rule,
    choice_rule,
    superlative_rule,
    computed_rule,
    group_rule,
    per_unit_rule,
    count_rule,
    aggregate_rule,
    outcome_rule,
    column_test,
    between_test,
    operator_test,
    worth_test,
    neighbour_rule,
    period_test,
    key_rule,
    value_test,
    numbered_rule,
    number_value,
    state_test,
    not_rule,
    distinct_rule,
    relative_rule,
    link_rule,
    all_rule,
    table_rule,
    column_item,
    number_limit,
    quiet_rule,
    passed_over,
)


def sketch(segments: Sequence[Segment], schema: Schema) -> Reader:
    """The reader after the last word; its query has open slots."""
    r = Reader(segments, schema)
    roles(r)
    while r.at < len(r.segments):
        before = r.at
        name = _applied(r)
        r.steps.append(f"{name}: {' '.join(s.text for s in r.segments[before : r.at])}")
    _close(r)
    return r


def _applied(r: Reader) -> str:
    """The first rule that fits; one that only moves on leaves the rest to the ones behind it."""
    for rule in RULES:
        if r.at >= len(r.segments) or rule(r):
            return rule.__name__
    raise AssertionError("the last rule passes over any segment")


def _close(r: Reader) -> None:
    """What was named early and never used."""
    analysed(r)
    settle_places(r)
    settle_choice(r)
    settle_gap(r)
    settle_same(r)
    if r.limit is not None:
        r.q.limit = r.q.limit or r.limit
    last = r.q.order[-1][0] if r.q.order else None
    if r.pending and isinstance(last, Col):
        # `with the most hours in total`
        r.q.order[-1] = (Agg(r.pending[0], last), r.q.order[-1][1])
    elif r.pending and len(r.q.items) == 1 and isinstance(r.q.items[0], Col):
        # `rainfall on average`: the function belongs to the one thing that was named.
        r.q.items = [Agg(f, r.q.items[0]) for f in r.pending]
    elif r.pending:
        r.weak += [f.value for f in r.pending]
    if r.negated:
        r.weak.append("not")
    better_item(r)
    settle_halves(r)


__all__ = ["GROUP", "RULES", "SELECT", "sketch"]
