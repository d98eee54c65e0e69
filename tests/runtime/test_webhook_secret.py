"""The signing secret: made once, kept private, checked."""

import stat
import threading
from pathlib import Path

import pytest
from pydantic import SecretStr

from arclight.runtime.settings import Settings
from arclight.runtime.webhook_secret import FILE, BadSecret, signing_secrets


def test_it_is_made_at_first_use_and_kept(config: Settings) -> None:
    [first] = signing_secrets(config)
    path = config.home_dir / FILE
    assert first.startswith("whsec_")
    assert signing_secrets(config) == (first,)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir() if p.name.startswith(f".{FILE}")] == []


def test_processes_that_start_together_use_the_same_one(config: Settings) -> None:
    together = threading.Barrier(8)
    seen: list[tuple[str, ...]] = []

    def start() -> None:
        together.wait()
        seen.append(signing_secrets(config))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8
    assert len(set(seen)) == 1


@pytest.mark.parametrize(
    "text", ["hunter2", "whsec_", "whsec_AAAA", "whsec_no base64!", "AAAA" * 8]
)
def test_another_form_is_refused_without_being_shown(config: Settings, text: str) -> None:
    bad = config.model_copy(update={"webhook_secret": SecretStr(text)})
    with pytest.raises(BadSecret, match="ARCLIGHT_WEBHOOK_SECRET") as caught:
        signing_secrets(bad)
    assert "hunter2" not in str(caught.value)


def test_the_settings_read_it_from_the_environment_and_hide_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    secret = "whsec_" + "C" * 32
    monkeypatch.setenv("ARCLIGHT_WEBHOOK_SECRET", secret)
    settings = Settings(home=tmp_path)
    assert signing_secrets(settings) == (secret,)
    assert secret not in repr(settings)
