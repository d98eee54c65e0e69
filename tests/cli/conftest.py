"""`arclight …` in this process, against the real gateway."""

from collections.abc import Callable, Iterator

import pytest
from typer.testing import CliRunner, Result

from arclight.cli.main import app
from tests.cli.served import Served

Arclight = Callable[..., Result]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Served(tmp_path_factory.mktemp("served")) as gateway:
        yield gateway


@pytest.fixture
def arclight(served: Served, monkeypatch: pytest.MonkeyPatch) -> Arclight:
    """Runs a command; `env` adds to the environment that names gateway and key."""
    monkeypatch.delenv("ARCLIGHT_HOME", raising=False)

    def run(*args: object, env: dict[str, str] | None = None) -> Result:
        environment = {**served.environment, **(env or {})}
        return CliRunner().invoke(app, [str(a) for a in args], env=environment)

    return run
