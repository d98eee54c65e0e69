"""One real stack for every test that only asks it questions."""

from collections.abc import Iterator

import pytest

from arclight.client import Client
from tests.stack.running import Up, up


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """The whole installation, ready. Tests must not kill parts of it."""
    with up(tmp_path_factory.mktemp("stack")) as running:
        yield running


@pytest.fixture
def client(stack: Up) -> Iterator[Client]:
    with stack.client() as client:
        yield client
