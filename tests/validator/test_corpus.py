"""The corpus: each program has exactly the findings that stand beside its lines."""

import ast
import re
from collections import defaultdict

import pytest

from services.validator.check import check
from services.validator.rules import ALL
from tests.validator.corpus_files import Entry, Expected, everything, themed
from tests.validator.shape import shape

CORPUS = everything()


@pytest.mark.parametrize("entry", CORPUS, ids=lambda e: e.id)
def test_a_program_has_the_findings_that_are_expected(entry: Entry) -> None:
    found = check(entry.text, entry.context)
    assert {Expected.of(f) for f in found} == set(entry.expected), found


@pytest.mark.parametrize("entry", CORPUS, ids=lambda e: e.id)
def test_findings_point_into_the_program_and_say_what_to_do(entry: Entry) -> None:
    lines = entry.text.splitlines()
    for finding in check(entry.text, entry.context):
        assert finding.line <= len(lines)
        assert finding.message.endswith(".")
        assert finding.hint.endswith(".")


def test_no_two_programs_are_alike_without_their_names_and_literals() -> None:
    alike = defaultdict(list)
    for entry in CORPUS:
        alike[shape(entry.text)].append(entry.id)
    assert [ids for ids in alike.values() if len(ids) > 1] == []
    assert len(alike) >= 300


def test_every_rule_is_seen_in_the_corpus() -> None:
    expected = {e.code for entry in CORPUS for e in entry.expected}
    # Names of columns need schemas, and have a corpus of their own in `columns`.
    codes = {rule.code for rule in ALL if not rule.code.startswith("COL")}
    assert codes - expected == {"ARC003"}  # 256 kB of text


def test_forty_inventions_are_rejected_and_forty_honest_programs_pass() -> None:
    invented, honest = themed("invented"), themed("honest")
    assert len(invented) >= 40
    assert len(honest) >= 40
    for entry in invented:
        assert any(e.code.startswith("PRV") and not entry.good for e in entry.expected), entry.id
    assert [e.id for e in honest if not e.good] == []


def test_the_shape_forgets_names_and_literals_and_nothing_else() -> None:
    assert shape("import os\nx = os.stat('a')\n") == shape("import re\ny = re.compile('b.*')\n")
    assert shape("x = [1, 'a', (2, 3)]") == shape("y = {'k': 1.5}")
    assert shape("f'{a}b'") == shape("f'c{d}'")
    assert shape("x = f(1)") != shape("x = f(1, 2)")
    assert shape("x = f(y)") != shape("x = f(1)")
    assert shape("def f(): return x") != shape("async def f(): return x")
    assert shape("x = (") == shape("y = (")


def test_programs_are_written_as_programs() -> None:
    for entry in CORPUS:
        assert re.fullmatch(r"[\w ,.'’-]+", entry.name), entry.id
        if "ARC001" not in {e.code for e in entry.expected}:
            ast.parse(entry.text)
