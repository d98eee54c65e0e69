"""The corpus of good programs, each over sources that have whatever columns it names."""

import pytest

from services.validator.check import check
from tests.validator.corpus_files import Entry, entries


@pytest.mark.parametrize("entry", entries("good"), ids=lambda e: e.name)
def test_a_good_program_names_no_unknown_column(entry: Entry) -> None:
    assert [f for f in check(entry.text, entry.context) if f.code.startswith("COL")] == []
