"""The first program fails because of the data; the shipped planner repairs it in the loop."""

import random
from collections import defaultdict
from pathlib import Path

import pytest

from arclight.client import Client

pytestmark = [pytest.mark.stack]

ROWS = 1500
"""More than the sample that types are read from, so that the trouble lies beyond it."""
TROUBLE = {1200: ("n/a", None), 1300: ('"1,234"', 1234), 1400: ("", None)}
"""Row → what stands in the cell, and what it is worth."""


@pytest.fixture(scope="module")
def sales(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    """A file whose amounts are whole numbers until row 1,200, and the true totals."""
    draw = random.Random(7)
    totals: dict[str, int] = defaultdict(int)
    lines = ["region,amount"]
    for row in range(ROWS):
        region, amount = draw.choice(["north", "south", "east"]), draw.randrange(1000)
        cell, worth = TROUBLE.get(row, (str(amount), amount))
        totals[region] += worth or 0
        lines.append(f"{region},{cell}")
    path = tmp_path_factory.mktemp("sales") / "sales.csv"
    path.write_text("\n".join(lines) + "\n")
    return path, dict(totals)


@pytest.mark.parametrize(
    "framework",
    [pytest.param("spark", marks=pytest.mark.spark), pytest.param("ray", marks=pytest.mark.ray)],
)
def test_cells_that_are_no_numbers_are_repaired(
    client: Client, sales: tuple[Path, dict[str, int]], framework: str
) -> None:
    path, totals = sales
    source = client.upload(path)

    job = client.submit("total amount by region", sources=[source.id], framework=framework)
    job = client.wait(job.id, timeout=180)

    assert job.state == "succeeded", job.json_text()
    rows = [row for page in client.result_pages(job.id) for row in page.rows]
    assert dict(rows) == totals
    first, second = (client.attempt(job.id, n) for n in (1, 2))
    assert first.failure is not None
    assert first.failure.kind == "data"
    cell = first.failure.details["value"]
    if framework == "spark":
        assert cell == "n/a"
    else:
        # Ray reads a column at a time and names any of its bad cells.
        assert cell in [text.strip('"') for text, _ in TROUBLE.values() if text]
    assert str(cell) in second.reason
    assert second.diff.startswith("---")
    assert second.plan is not None
    assert any("missing" in said for said in second.plan.assumptions)
