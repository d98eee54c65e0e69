"""Which files go when a job has ended."""

import os
import time
from pathlib import Path

import pytest

from tests.executors.ray_inside.driving import inside

folders = inside("folders")


def test_only_what_no_later_driver_wrote_goes(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "deep").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path.parent)
    (tmp_path / "kept").write_text("x")
    time.sleep(0.05)
    began = time.time()
    time.sleep(0.05)
    (tmp_path / "new").write_text("x")

    folders.remove_older([str(tmp_path), "/nowhere"], began, [tmp_path / "kept"])

    assert sorted(os.listdir(tmp_path)) == ["kept", "new"]
    assert tmp_path.parent.is_dir()


def test_what_is_mounted_and_its_parents_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slots = tmp_path / "a" / "slots"
    slots.mkdir(parents=True)
    monkeypatch.setattr(folders, "_mounted", lambda: {slots, *slots.parents})

    folders.remove_older([str(tmp_path)], time.time() + 1, [])

    assert slots.is_dir()


def test_mounts_are_known() -> None:
    assert Path("/proc") in folders._mounted()


def test_logs_of_live_jobs_and_processes_stay(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    (tmp_path / "jobs").mkdir()
    alive = [
        "worker-ab12-02000000-999999999.out",
        f"python-core-worker-ab_{os.getpid()}.log",
        "raylet.out",
    ]
    for name in (
        *alive,
        "worker-ab12-01000000-999999999.out",
        "python-core-worker-ab_999999999.log",
    ):
        (logs / name).write_text("x")
    (tmp_path / "jobs" / "job-01000000.json").write_text("{}")

    folders.remove_logs(tmp_path, {"02000000"})

    assert sorted(os.listdir(logs)) == sorted(alive)
    assert os.listdir(tmp_path / "jobs") == []
