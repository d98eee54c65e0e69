"""What the first start of a stack leaves in its folder for this user, and for nobody else."""

import pytest

from tests.stack.running import Up

pytestmark = pytest.mark.stack


@pytest.mark.parametrize(
    ("name", "begins"), [("credentials", "arc_"), ("webhook.secret", "whsec_")]
)
def test_a_secret_is_there_from_the_start_and_closed_to_others(
    stack: Up, name: str, begins: str
) -> None:
    file = stack.home.path / name

    assert file.read_text().startswith(begins)
    assert file.stat().st_mode & 0o777 == 0o600
    assert str(file) in stack.said.read_text()
