"""Liveness: a sign of late, whatever the store does."""

import time

import pytest

from arclight.runtime import probe
from arclight.runtime.alive import FRESH, alive, sign
from arclight.runtime.settings import Settings


def test_a_sign_counts_for_a_minute(config: Settings) -> None:
    assert not alive(config, "codegen")

    sign(config, "codegen")

    assert alive(config, "codegen")
    assert not alive(config, "validator")
    assert not alive(config, "codegen", time.time() + FRESH + 1)


@pytest.mark.parametrize("argv", [[], ["live"], ["live", "gateway"], ["ready", "reconciler"]])
def test_a_wrong_question_is_explained(argv: list[str]) -> None:
    with pytest.raises(SystemExit, match="usage: "):
        probe.main(argv)
