"""Rules are chosen by settings; what protects the answer is not switched off in passing."""

import pytest

from arclight.contracts.names import Framework, Severity
from arclight.runtime.settings import Settings
from services.validator.check import check
from services.validator.context import Context, Declared
from services.validator.rules import ALL
from services.validator.select import BadSelection, Selection, selection, selection_of

BIRDS = Declared("birds", "s3://data/birds.csv")
SLOW = """\
import subprocess
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
df = spark.read.csv("s3://data/birds.csv")
print(df.crossJoin(df).collect())
"""
OTHER = SLOW.replace("s3://data/birds.csv", "s3://other/x.csv")


def codes(chosen: Selection, program: str = SLOW) -> dict[str, Severity]:
    context = Context(framework=Framework.SPARK, sources=(BIRDS,), brought=True)
    return {f.code: f.severity for f in check(program, context, chosen)}


def test_without_settings_every_rule_counts() -> None:
    assert codes(selection()) == {
        "SEC002": Severity.ERROR,
        "SPK004": Severity.WARNING,
        "SPK005": Severity.WARNING,
    }


def test_a_rule_is_ignored_by_code_and_by_the_beginning_of_codes() -> None:
    assert set(codes(selection(ignore="SPK005"))) == {"SEC002", "SPK004"}
    assert set(codes(selection(ignore=" SPK , ARC00"))) == {"SEC002"}


def test_only_selected_rules_count_and_the_guarded_ones() -> None:
    assert set(codes(selection(select="SPK005"))) == {"SEC002", "SPK005"}
    assert set(codes(selection(select="ARC", ignore="SEC002"))) == set()
    assert set(codes(selection(select="SPK"), OTHER)) >= {"PRV001", "PRV002"}


def test_a_severity_is_changed_for_a_rule_or_a_family() -> None:
    assert codes(selection(severity="SPK005=error"))["SPK005"] is Severity.ERROR
    assert codes(selection(severity="SPK=info"))["SPK004"] is Severity.INFO
    assert codes(selection(severity="SEC002=warning"))["SEC002"] is Severity.WARNING


def test_findings_are_ordered_by_the_severity_that_they_have_here() -> None:
    context = Context(framework=Framework.SPARK, sources=(BIRDS,), brought=True)
    chosen = selection(severity="SEC002=info, SPK005=error")
    assert [f.code for f in check(SLOW, context, chosen)] == ["SPK005", "SPK004", "SEC002"]


@pytest.mark.parametrize("family", ["SEC", "PRV", "SEC00"])
def test_a_guarded_family_is_not_ignored_as_a_whole(family: str) -> None:
    with pytest.raises(BadSelection, match=f"{family} cannot be ignored as a whole.*{family}") as e:
        selection(ignore=family)
    assert "PRV003" not in str(e.value)
    with pytest.raises(BadSelection, match="cannot be lowered to warning"):
        selection(severity=f"{family}=warning")


def test_a_warning_of_a_guarded_family_is_ignored_like_any_other() -> None:
    assert selection(ignore="PRV003").off == {"PRV003"}
    assert "PRV003" in selection(select="SPK").off


def test_a_program_that_does_not_parse_is_an_error_whatever_is_set() -> None:
    with pytest.raises(BadSelection, match="cannot be checked"):
        selection(ignore="ARC001")
    with pytest.raises(BadSelection, match="cannot be checked"):
        selection(severity="ARC001=info")
    for chosen in (
        selection(ignore="ARC"),
        selection(select="SPK"),
        selection(severity="ARC=info"),
    ):
        assert codes(chosen, "import (") == {"ARC001": Severity.ERROR}


@pytest.mark.parametrize("entry", ["SPK999", "XYZ", "spk", "S", "SPK0001", "*", "SPK-1"])
def test_an_unknown_rule_is_an_error_that_says_how_rules_are_named(entry: str) -> None:
    for given in ({"select": entry}, {"ignore": entry}, {"severity": f"{entry}=error"}):
        with pytest.raises(BadSelection, match=r"There is no rule.*SPK005.*ARC, .*SEC"):
            selection(**given)


@pytest.mark.parametrize("entry", ["SPK005", "SPK005=", "SPK005=fatal", "=error", "SPK005=ERROR"])
def test_a_severity_that_does_not_exist_is_an_error(entry: str) -> None:
    with pytest.raises(BadSelection):
        selection(severity=entry)


def test_every_rule_can_be_named() -> None:
    for rule in ALL:
        assert selection(severity=f"{rule.code}=error").severities == {rule.code: Severity.ERROR}


def test_the_settings_of_the_installation_are_read() -> None:
    config = Settings(rules_ignore="SPK004", rules_severity="SPK005=error")
    assert selection_of(config).off == {"SPK004"}
    assert selection_of(config).severities == {"SPK005": Severity.ERROR}


def test_a_comment_in_the_program_changes_nothing() -> None:
    silenced = SLOW.replace("import subprocess", "import subprocess  # noqa: SEC002 arclight: off")
    assert codes(selection(), silenced) == codes(selection())
