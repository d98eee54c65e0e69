"""Ray programs give DuckDB's answers, whatever the blocks in which the rows come."""

from pathlib import Path

import pytest

from services.codegen.planner.plan import Planned
from services.codegen.planner.render import ray as ray_program
from tests.codegen.render import ray_double
from tests.codegen.render.cases import Case
from tests.codegen.render.cases_steps import ALL
from tests.codegen.render.tables import Tables
from tests.codegen.render.test_answers import expected, rows_in, tables

__all__ = ["tables"]


@pytest.mark.parametrize("parts", [1, 3])
@pytest.mark.parametrize("case", ALL, ids=lambda c: c.name)
def test_answer_from_small_blocks(
    case: Case, parts: int, tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a program that moves rows into so many partitions
    monkeypatch.setattr(ray_program, "partitions", lambda root, *, sparing=False: parts)
    text = ray_program.render_ray(Planned(case.plan(tables), "Summary", (), 1.0, "Question?"))
    # When its blocks have two rows each
    answer = ray_double.run(text, tmp_path)
    # Then the answer is that of the same question in SQL
    assert rows_in(answer) == expected(case, tables)
