"""Prompts in bad faith, by accident or by a machine: a plan over declared tables, or a refusal."""

import random
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arclight.catalog.profile import TableProfile
from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.contracts.names import Framework
from services.codegen.generator import Ask, Draft
from services.codegen.planner.planner import MOST_CHARACTERS, MOST_WORDS, Planner, plan
from services.codegen.planner.render.normal import scans
from services.codegen.planner.words import tokens
from services.validator.check import check
from services.validator.context import Context, Declared
from tests.codegen.planner_language import reads
from tests.codegen.planner_language.folders import profiles

_RAW: dict[str, list[str]] = tomllib.loads(
    (Path(__file__).parent / "hostile.toml").read_text("utf-8")
)
PROMPTS = [
    (kind, text.encode("ascii").decode("unicode_escape") if kind == "escaped" else text)
    for kind, texts in _RAW.items()
    for text in texts
]
ENGINES = (Framework.SPARK, Framework.RAY)
_BIRDS = profiles("birdstrikes")
_SHOP = profiles("shop")
_SHORT = 1.0
"""Seconds of CPU for a prompt that a person could have typed; the slowest was seen at 0.06."""
_LONG = 3.0
"""Seconds of CPU for 10,000 words, which are refused, and for the longest question that is read,
which was seen at 0.53: slow is allowed, exploding is not."""


@pytest.mark.parametrize("tables", [_BIRDS, _SHOP, ()], ids=["one table", "four", "none"])
@pytest.mark.parametrize(("kind", "prompt"), PROMPTS, ids=[f"{k}-{t!a:.40}" for k, t in PROMPTS])
def test_prompt_ends_in_a_harmless_program_or_a_refusal(
    kind: str, prompt: str, tables: tuple[TableProfile, ...]
) -> None:
    for engine in ENGINES:
        spent = _seconds(lambda engine=engine: _harmless(prompt, tables, engine))
        assert spent < _SHORT, f"{kind}: {spent:.1f} s"


@pytest.mark.parametrize("prompt", [*_RAW["paths"], *_RAW["secrets"]])
def test_what_is_no_table_is_not_answered_with_another_one(prompt: str) -> None:
    with pytest.raises(StepFailed):
        plan(Ask(prompt=prompt, tables=_BIRDS, framework=Framework.SPARK))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("prompt", _RAW["compared"])
def test_a_place_in_quotes_is_text_to_compare_with(prompt: str, engine: Framework) -> None:
    draft = _harmless(prompt, _BIRDS, engine)

    assert draft is not None
    assert prompt.split("'")[1].lower() in reads.texts(draft.program)
    assert reads.read(draft.program) == {_BIRDS[0].uri}


_RANDOM = random.Random(11)
_WORDS = [
    "total",
    "average",
    "highest",
    "most",
    "top",
    "5",
    "by",
    "per",
    "and",
    "or",
    "not",
    "in",
    "since",
    "between",
    "2014",
    "March",
    "over",
    "100",
    "strikes",
    "repair",
    "cost",
    "size",
    "state",
    "speed",
    "night",
    "Texas",
    "large",
    "day",
    "month",
    "sorted",
    "descending",
    "missing",
    "distinct",
    "how",
    "many",
    "which",
    "list",
    "less",
    "than",
    "name",
    "of",
    "customers",
    "orders",
    "products",
    "with",
    "without",
    "each",
]
LONG: dict[str, Callable[[], str]] = {
    "10,000 words of the trade": lambda: " ".join(_RANDOM.choices(_WORDS, k=10_000)),
    "10,000 unknown words": lambda: " ".join(f"w{n}" for n in range(10_000)),
    "one word 10,000 times": lambda: "bird " * 10_000,
    "one real column 10,000 times": lambda: "repair cost and " * 5_000,
    "10,000 values": lambda: "Texas or California or " * 5_000,
    "10,000 numbers": lambda: " ".join(map(str, range(10_000))),
    "10,000 commas": lambda: ", " * 10_000,
    "10,000 negations": lambda: "not " * 10_000 + "night",
    "10,000 brackets": lambda: "(" * 5_000 + "a" + ")" * 5_000,
    "10,000 quotes": lambda: "'\"" * 5_000,
    "one word of 100,000 letters": lambda: "a" * 100_000,
    "a number of 100,000 digits": lambda: "strikes with speed over " + "9" * 100_000,
    "a real question, then 10,000 words": lambda: (
        "total repair cost by wildlife size. " + "please and thank you " * 2_500
    ),
    "10,000 lines": lambda: "total repair cost\n" * 5_000,
    "10,000 emoji": lambda: "\N{BIRD}" * 10_000,
}


@pytest.mark.parametrize("name", LONG)
def test_ten_thousand_words_do_not_explode(name: str) -> None:
    prompt = LONG[name]()

    spent = _seconds(lambda: _harmless(prompt, _SHOP, Framework.SPARK))

    assert spent < _LONG, f"{spent:.1f} s"


@pytest.mark.parametrize("name", LONG)
def test_the_longest_question_that_is_read_does_not_explode_either(name: str) -> None:
    whole = LONG[name]()[:MOST_CHARACTERS]
    said = tokens(whole)[:MOST_WORDS]
    prompt = whole[: said[-1].end] if said else whole

    spent = _seconds(lambda: _harmless(prompt, _SHOP, Framework.SPARK))

    assert spent < _LONG, f"{spent:.1f} s"


_ANY = st.text(st.characters(), max_size=200)
_MIXED = st.lists(
    st.one_of(st.sampled_from(_WORDS), st.sampled_from([t for _, t in PROMPTS]), _ANY), max_size=8
).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(prompt=st.one_of(_ANY, _MIXED), engine=st.sampled_from(ENGINES))
def test_any_text_ends_in_a_harmless_program_or_a_refusal(prompt: str, engine: Framework) -> None:
    _harmless(prompt, _BIRDS, engine)


def _harmless(prompt: str, tables: tuple[TableProfile, ...], engine: Framework) -> Draft | None:
    """The draft, proved harmless; None for a refusal that can be stored and shown."""
    ask = Ask(prompt=prompt, tables=tables, framework=engine)
    try:
        draft = Planner().generate(ask)
    except StepFailed as refused:
        _can_be_shown(refused.failure)
        return None
    declared = {t.uri for t in tables}
    assert {s.table.uri for s in scans(plan(ask).root)} <= declared
    draft.plan.model_dump_json()
    draft.program.encode()
    assert reads.read(draft.program) <= declared
    assert reads.imported(draft.program) <= reads.MODULES
    assert not reads.forbidden(draft.program)
    _passes_the_validator(draft, ask)
    return draft


def _can_be_shown(failure: Failure) -> None:
    """A refusal is stored, compared and sent as JSON."""
    assert failure.kind is FailureKind.REQUEST
    assert failure.model_dump_json()
    assert failure.fingerprint


def _passes_the_validator(draft: Draft, ask: Ask) -> None:
    context = Context(
        framework=draft.framework,
        sources=tuple(Declared(t.name, t.uri) for t in ask.tables),
        prompt=ask.prompt,
        planned=draft.plan.sources,
        generated_data=not draft.plan.sources,
    )
    errors = [f for f in check(draft.program, context) if f.severity == "error"]
    assert not errors, f"{errors[0].code}: {errors[0].message}"


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
