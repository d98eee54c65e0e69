"""The plan and the table that recorded failures are held against."""

from pathlib import Path

import pytest

from arclight.catalog.profile import TableProfile
from services.codegen.planner import plan as p
from tests.codegen.repair.plans import scan, table, total


@pytest.fixture
def sold(tmp_path: Path) -> TableProfile:
    """Names and amounts, as in the recorded programs, and a day."""
    return table(tmp_path, "sold", "name,amount,day", "a,{i},2024-{month:02}-01", [])


@pytest.fixture
def planned(sold: TableProfile) -> p.Planned:
    return p.Planned(total(scan(sold, "name", "amount"), "name", "amount"), "Totals", (), 1.0)
