"""A run's folder belongs to its worker, and does not outlive it for long."""

import subprocess
import sys
import time
from pathlib import Path

from arclight.sandbox.scratch import ABANDONED_AFTER, remove_abandoned, scratch


def later() -> float:
    return time.time() + ABANDONED_AFTER + 1


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    with scratch(tmp_path) as folder:
        remove_abandoned(tmp_path, later)

        assert folder.work.is_dir()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_whose_worker_died_is_removed(tmp_path: Path) -> None:
    worker = (
        "import os, sys; from pathlib import Path; from arclight.sandbox.scratch import scratch; "
        "context = scratch(Path(sys.argv[1])); context.__enter__(); os._exit(0)"
    )
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", worker, str(tmp_path)], cwd=root, check=True)
    assert len(list(tmp_path.iterdir())) == 1

    remove_abandoned(tmp_path)
    assert len(list(tmp_path.iterdir())) == 1, "it may have been made this moment"
    remove_abandoned(tmp_path, later)

    assert list(tmp_path.iterdir()) == []


def test_nothing_else_is_removed(tmp_path: Path) -> None:
    (tmp_path / "arc-file").write_text("not a folder")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "arc-link").symlink_to(elsewhere)

    remove_abandoned(tmp_path, later)

    assert sorted(p.name for p in tmp_path.iterdir()) == ["arc-file", "arc-link", "elsewhere"]
