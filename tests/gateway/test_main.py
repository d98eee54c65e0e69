"""Where the gateway refuses to listen."""

import pytest

from arclight.runtime.settings import Settings
from services.gateway.__main__ import refusal


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.8.8.8"])
def test_this_machine_may_always_be_served(config: Settings, host: str) -> None:
    assert refusal(config.model_copy(update={"host": host}), any_key=False) is None


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "example.com", ""])
def test_others_are_served_only_with_a_key(config: Settings, host: str) -> None:
    elsewhere = config.model_copy(update={"host": host})

    reason = refusal(elsewhere, any_key=False)

    assert reason is not None
    assert "ARCLIGHT_API_KEYS" in reason
    assert refusal(elsewhere, any_key=True) is None
