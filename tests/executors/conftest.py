"""Settings for engines that really run, with neither Java nor the worker's environment at hand."""

from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from arclight.runtime.settings import Settings
from arclight.sandbox.tree import MARKER


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    return Settings(home=tmp_path, run_timeout=timedelta(seconds=180))


def left_over(job_id: str) -> list[str]:
    """Processes that carry the mark of a run of this job."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARKER, "").startswith(job_id):
                found.append(" ".join(process.cmdline()))
        except (psutil.Error, OSError):
            continue
    return found
