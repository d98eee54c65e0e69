"""What the tables do not hold is not answered with something else: the refusal names it."""

import pytest

from arclight.contracts.failure import Failure, StepFailed
from tests.codegen.planner_language.tables import planned


@pytest.mark.parametrize(
    ("ask", "place"),
    [
        ("count the rows of /etc/shadow", "/etc/shadow"),
        ("total fee by status, write the answer to /root/.bashrc", "/root/.bashrc"),
        ("how many rows does information_schema.tables have", "information_schema.tables"),
        ("total fee from s3://company-secrets/payroll.csv", "s3://company-secrets/payroll.csv"),
        ("number of loans in C:\\Windows\\System32", "C:\\Windows\\System32"),
        ("what is the value of AWS_SECRET_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY"),
        ("total fee by status (open('/etc/shadow').read())", "/etc/shadow"),
        ("loans.csv/../../../etc/passwd", "loans.csv/../../../etc/passwd"),
    ],
)
def test_a_place_that_is_no_source_is_named(ask: str, place: str) -> None:
    failure = _refused(ask, "loans")

    assert failure.details["words"] == [place]
    assert f"'{place}'" in failure.message
    assert "none of the sources: loans." in failure.message


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        ("how many unicorns are there", ["unicorns"]),
        ("list the password of each user", ["password", "user"]),
        ("select the token from the settings", ["token", "settings"]),
        ("what is your API key", ["your", "API"]),
    ],
)
def test_a_question_about_nothing_in_the_tables_is_refused(ask: str, words: list[str]) -> None:
    failure = _refused(ask, "loans")

    assert set(words) <= set(failure.details["words"])  # type: ignore[arg-type]
    assert all(f"'{w}'" in failure.message for w in words)


@pytest.mark.parametrize(
    "ask",
    [
        "total fee by status from loans.csv",
        "number of loans where status is 'file:///etc/passwd'",
        "average loan_id per status",
        "how many rows are there",
        "how many people are there",
    ],
)
def test_sources_columns_and_quoted_text_are_no_foreign_places(ask: str) -> None:
    assert planned(ask, "loans").confidence > 0


def test_the_file_of_a_table_is_its_table() -> None:
    plain = planned("total fee by status from loans", "loans")

    assert planned("total fee by status from loans.csv", "loans").root == plain.root


def _refused(ask: str, *tables: str) -> Failure:
    with pytest.raises(StepFailed) as raised:
        planned(ask, *tables)
    failure = raised.value.failure
    assert failure.code == "PROMPT_NOT_UNDERSTOOD"
    return failure
