"""Programs of the renderer: right ones pass, and wrong names in them are found."""

from collections import Counter

import pytest

from arclight.contracts.names import Framework
from tests.codegen.render.tables import Tables, write_tables
from tests.validator.columns.seeds import FRAMEWORKS, Seed, judged, rendered, seeds

EVERY = 7
"""Of some 1,500 wrong names every seventh is tried: a second instead of ten."""


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    return Tables(write_tables(tmp_path_factory.mktemp("data")))


def test_no_right_program_is_judged(tables: Tables) -> None:
    for name, framework, text in rendered(tables):
        assert judged(tables, framework, text) == [], (name, framework)


@pytest.fixture(scope="module")
def tried(tables: Tables) -> list[Seed]:
    return seeds(tables)[::EVERY]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_nine_of_ten_wrong_names_are_found_where_they_stand(
    framework: Framework, tables: Tables, tried: list[Seed]
) -> None:
    # Given programs with one wrong name each
    mine = [s for s in tried if s.framework is framework]
    assert len(mine) >= 100

    # When they are checked
    found = {s: judged(tables, framework, s.text) for s in mine}

    # Then at least nine of ten are found, at the wrong name itself
    missed = [s for s, hits in found.items() if s.line not in {f.line for f in hits}]
    assert len(missed) <= len(mine) // 10, Counter((s.case, s.wrong) for s in missed)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_name_that_is_meant_is_proposed(
    framework: Framework, tables: Tables, tried: list[Seed]
) -> None:
    mine = [s for s in tried if s.framework is framework]
    hits = [(s, f) for s in mine for f in judged(tables, framework, s.text) if f.line == s.line]
    first = [s for s, f in hits if f.candidates[:1] == (s.right,)]
    fixed = [s for s, f in hits if f.fix is not None]
    right = [s for s, f in hits if f.fix is not None and f.fix.text == f'"{s.right}"']
    assert len(first) >= 0.9 * len(hits)
    assert len(right) >= 0.95 * len(fixed)
    assert len(fixed) >= 0.7 * len(hits)
