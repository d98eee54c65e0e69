"""The planner as `arclight plan` asks it: plain data, whatever is asked."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from arclight.catalog.profile import ColumnProfile, ColumnType, TableProfile
from arclight.contracts.failure import Failure, FailureKind, StepFailed
from services.codegen import explain as module
from services.codegen.explain import explain, tables_of
from services.codegen.planner import plan as p
from services.codegen.planner.in_words import predicate, steps

_DATA = Path(__file__).parents[2] / "examples" / "data"
_TABLE = TableProfile(
    name="sales",
    uri="file:///sales.csv",
    format="csv",
    columns=(ColumnProfile(name="Region", type=ColumnType.STRING),),
    bytes=1,
    sampled_rows=1,
)
_SCAN = p.Scan(_TABLE, (p.ReadColumn("Region", ColumnType.STRING, "region"),))
_REGION, _FIVE = p.Col("region"), p.Lit(5)


def test_the_answer_is_what_json_can_carry() -> None:
    told = explain("total repair cost by wildlife size", [_DATA / "birdstrikes.csv"])

    assert json.loads(json.dumps(told)) == told
    assert told["understood"] is True
    assert told["framework"] == "spark"
    assert str(told["program"]).startswith('"""total repair cost by wildlife size')


def test_two_files_of_one_name_are_two_tables(tmp_path: Path) -> None:
    other = tmp_path / "airports.csv"
    other.write_text("iata,runways\nATL,5\n")

    tables = tables_of([_DATA / "airports.csv", other])

    assert [t.name for t in tables] == ["airports", "airports_2"]
    assert tables[1].uri == other.as_uri()


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"PK\x03\x04zip"])
def test_a_file_that_is_no_table_is_a_refusal_that_names_it(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)

    told = explain("count the rows", [path])

    assert told["understood"] is False
    assert str(path) in json.dumps(told["failure"])


def test_a_refusal_brings_its_words_and_choices(monkeypatch: pytest.MonkeyPatch) -> None:
    choices = [{"text": "Cost Repair", "prompt": "total 'Cost Repair'"}]

    def unclear(_: object) -> p.Planned:
        raise StepFailed(
            Failure(
                kind=FailureKind.REQUEST,
                code="PROMPT_NOT_UNDERSTOOD",
                message="Which cost?",
                details={"words": ["cost"], "choices": choices},  # type: ignore[dict-item]
            )
        )

    monkeypatch.setattr(module, "plan", unclear)

    told = explain("total cost")

    assert (told["certainty"], told["not_understood"]) == ("unclear", ["cost"])
    assert told["choices"] == choices


def test_the_trace_and_the_runners_up_are_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    @dataclass(frozen=True)
    class Note:
        step: str
        text: str

    planned = p.Planned(_SCAN, "sales", (), 0.5)
    for name, value in (
        ("certainty", "assumed"),
        ("runners_up", ("the other way",)),
        ("trace", (Note("words", "2 tokens"),)),
    ):
        object.__setattr__(planned, name, value)
    monkeypatch.setattr(module, "plan", lambda _: planned)

    told = explain("sales", trace=True)

    assert (told["certainty"], told["runners_up"]) == ("assumed", ["the other way"])
    assert told["trace"] == [{"step": "words", "text": "2 tokens"}]


def test_every_step_has_a_sentence() -> None:
    counted = p.Aggregate(
        _SCAN,
        (p.Key(_REGION, "region"),),
        (
            p.Measure(p.Func.COUNT, None, "n", where=p.IsNull(_REGION)),
            p.Measure(p.Func.PERCENTILE, p.Col("x"), "p", fraction=0.9),
            p.Measure(p.Func.CORRELATION, p.Col("x"), "c", other=p.Col("y")),
        ),
    )
    lag = p.Window(
        counted, "last", p.WindowFunc.LAG, p.Col("n"), ("region",), (p.SortKey("n", True),), 2
    )
    case = p.Case(((p.IsNull(_REGION), _FIVE),), p.Call(p.Fn.LENGTH, _REGION))
    derived = p.Derive(lag, "d", p.Arith(p.ArithOp.ADD, case, p.Bucket(p.Unit.MONTH, _REGION)))
    joined = p.Join(derived, _SCAN, "region", "region", p.How.ANTI)
    both = p.SetOperation(p.SetOp.EXCEPT, joined, _SCAN)
    cut = p.Limit(p.Sort(both, (p.SortKey("n"),)), 1)

    assert steps(p.Project(cut, ("n",), distinct=True, names=("number",))) == [
        "Read Region of sales",
        "For each region: number of rows where region is missing as n, "
        "90th percentile of x as p, correlation of x and y as c",
        "Compute last = lag of n within each region in the order of n from high to low over 2 rows",
        "Compute d = ((5 where region is missing; else length of region) + month of region)",
        "Read Region of sales",
        "Keep the rows of step 4 that have no partner in step 5 on region = region",
        "Read Region of sales",
        "The rows of step 6 that are not in step 7",
        "Sort by n",
        "Keep the first 1 row",
        "Show number, each row once",
    ]


@pytest.mark.parametrize(
    ("where", "said"),
    [
        (p.Compare(p.CompareOp.EQ, _REGION, p.Lit("N")), "region is 'N'"),
        (p.Compare(p.CompareOp.GE, _REGION, _FIVE), "region >= 5"),
        (p.Between(_REGION, _FIVE, _FIVE, half_open=True), "region is from 5 up to before 5"),
        (p.OneOf(_REGION, (_FIVE, p.Lit("a"))), "region is one of 5, 'a'"),
        (p.Match(p.TextMatch.STARTS, _REGION, "No"), "region starts 'No'"),
        (p.Not(p.IsNull(_REGION)), "region is not missing"),
        (p.Not(p.OneOf(_REGION, (_FIVE,))), "not (region is one of 5)"),
        (
            p.AllOf((p.IsNull(_REGION), p.AnyOf((p.IsNull(_REGION), p.IsNull(_REGION))))),
            "region is missing and (region is missing or region is missing)",
        ),
    ],
)
def test_every_test_has_words(where: p.Predicate, said: str) -> None:
    assert predicate(where) == said
