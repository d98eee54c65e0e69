"""Whole programs: the good ones pass without an error, the bad ones show exactly their codes."""

import pytest

from arclight.contracts.names import Severity
from services.validator.check import check
from tests.validator.corpus_files import Entry, entries


@pytest.mark.parametrize("entry", entries("good"), ids=lambda e: e.name)
def test_a_good_program_passes(entry: Entry) -> None:
    found = check(entry.text, entry.context)
    assert [f for f in found if f.severity is Severity.ERROR] == []
    assert {f.code for f in found} == entry.expected, found


@pytest.mark.parametrize("entry", entries("bad"), ids=lambda e: e.name)
def test_a_bad_program_shows_its_codes(entry: Entry) -> None:
    found = check(entry.text, entry.context)
    assert {f.code for f in found} == entry.expected, found


@pytest.mark.parametrize("entry", entries("bad") + entries("good"), ids=lambda e: e.name)
def test_findings_point_into_the_program(entry: Entry) -> None:
    lines = entry.text.splitlines()
    for finding in check(entry.text, entry.context):
        assert finding.line <= len(lines)
        assert finding.message.endswith(".")
        assert finding.hint.endswith(".")
