"""Each rule carries a bad and a good example; both are tested as they stand."""

from collections import Counter

import pytest

from arclight.contracts.names import Framework, Severity
from services.validator.check import check
from services.validator.context import Context, Declared
from services.validator.rules import ALL
from services.validator.rules.rule import Rule

BIRDS = Declared("birds", "s3://data/birds.csv")
AIRPORTS = Declared("airports", "s3://data/airports.csv")
ORDERS = Declared("sales.orders", "", "glue")


def context_of(rule: Rule[object]) -> Context:
    family = rule.code[:3]
    framework = Framework.RAY if family == "RAY" else Framework.SPARK
    sources: dict[str, tuple[Declared, ...]] = {
        "SPK002": (BIRDS,),
        "SPK010": (ORDERS,),
        "SPK011": (ORDERS,),
        "SPK012": (ORDERS,),
        "PRV003": (BIRDS, AIRPORTS),
        "PRV008": (BIRDS, AIRPORTS),
    }
    return Context(
        framework=framework,
        sources=sources.get(rule.code, (BIRDS,) if family == "PRV" else ()),
        planned=("birds", "airports") if rule.code == "PRV008" else (),
    )


@pytest.mark.parametrize("rule", ALL, ids=lambda r: r.code)
def test_a_rule_finds_its_bad_example_and_not_its_good_one(rule: Rule[object]) -> None:
    context = context_of(rule)
    bad = [f for f in check(rule.bad, context) if f.code == rule.code]
    good = [f for f in check(rule.good, context) if f.code == rule.code]
    assert bad
    assert good == []
    assert bad[0].hint
    assert bad[0].severity is rule.severity or rule.code == "SPK003"


def test_codes_are_unique_and_every_family_is_there() -> None:
    codes = Counter(rule.code for rule in ALL)
    assert max(codes.values()) == 1
    assert {code[:3] for code in codes} == {"ARC", "SPK", "RAY", "SEC", "PRV", "COL"}
    assert len(codes) >= 25


@pytest.mark.parametrize("rule", ALL, ids=lambda r: r.code)
def test_a_rule_explains_itself(rule: Rule[object]) -> None:
    assert rule.title
    assert rule.why.endswith(".")
    assert rule.hint.endswith(".")
    assert rule.severity in (Severity.ERROR, Severity.WARNING)


FRAMES = (
    "from pyspark.sql import SparkSession, functions as F\n"
    "spark = SparkSession.builder.getOrCreate()\n"
    "df = spark.read.csv('s3://data/birds.csv', header=True)\n"
    "df = df.filter(F.col('a') > 0)\n"
)


@pytest.mark.parametrize(
    ("joined", "warned"),
    [
        ("totals = df.agg(F.max('a').alias('m'))\ndf.crossJoin(totals)", False),
        ("totals = df.agg(F.max('a').alias('m'))\ntotals.crossJoin(df)", False),
        ("t = df.agg(F.max('a'))\nt = t.withColumn('b', F.lit(1))\ndf.crossJoin(t)", False),
        ("df.select('a').crossJoin(F.broadcast(df.agg(F.max('a'))))", False),
        ("groups = df.groupBy('b').agg(F.max('a'))\ndf.crossJoin(groups)", True),
        ("g = df.groupBy('b')\nt = g.agg(F.max('a'))\ndf.crossJoin(t)", True),
        ("t = df.agg(F.max('a'))\nt = t.union(df)\ndf.crossJoin(t)", True),
        ("df.crossJoin(df.select('b'))", True),
        ("def pairs(one, other):\n    return one.crossJoin(other)", True),
    ],
)
def test_a_total_beside_each_row_is_no_accident(joined: str, warned: bool) -> None:
    found = check(f"{FRAMES}{joined}\n", Context(framework=Framework.SPARK))
    assert ("SPK005" in {f.code for f in found}) is warned
