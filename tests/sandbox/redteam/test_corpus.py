"""The corpus as data: every program can be read, and no clause goes untried."""

from collections import Counter
from pathlib import Path

import pytest

from arclight.sandbox.redteam import checks
from arclight.sandbox.redteam.clauses import Clause
from arclight.sandbox.redteam.probe import PROGRAMS, BadProbe, corpus, honest, parse

PROBES = corpus()
KNOWN = {
    *checks.ASKED,
    *checks.NEEDS_SIGN,
    *(check.__name__ for check in checks.ALWAYS),
    "leak", "listener", "contacts", "left", "removed", "host", "setid", "devices", "terminal",
}  # fmt: skip


def test_the_corpus_is_large_and_its_names_are_unique() -> None:
    assert len(PROBES) >= 90
    assert len({p.id for p in PROBES}) == len(PROBES)


def test_every_clause_is_tried_three_times() -> None:
    tried = Counter(p.clause for p in PROBES)

    assert {clause: tried[clause] for clause in Clause if tried[clause] < 3} == {}


def test_every_program_is_valid_python_and_named_after_its_file() -> None:
    for engine in ("python", "spark", "ray"):
        for path in (PROGRAMS / engine).glob("*.py"):
            probe = parse(path)
            compile(probe.text, str(path), "exec")
            assert probe.engine == engine
            assert path.stem == probe.id.replace("-", "_")


def test_every_program_says_what_the_judge_looks_at() -> None:
    for probe in PROBES:
        assert probe.title
        assert probe.expects
        assert {word.partition(":")[0] for word in probe.expects} <= KNOWN, probe.id


def test_most_programs_can_show_that_they_bite() -> None:
    assert sum(p.may_bite for p in PROBES) > len(PROBES) * 0.75


def test_the_honest_programs_are_there() -> None:
    for name in ("neighbour", "spark_look", "ray_look"):
        compile(honest(name).text, name, "exec")


@pytest.mark.parametrize(
    "text",
    ["print(1)\n", '# ---\n# id = "x"\n', '# ---\n# id = "x"\n# ---\n', "# ---\n# id =\n# ---\n"],
    ids=["none", "endless", "incomplete", "broken"],
)
def test_a_program_without_a_header_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.py"
    path.write_text(text)

    with pytest.raises(BadProbe, match=r"x\.py"):
        parse(path)
