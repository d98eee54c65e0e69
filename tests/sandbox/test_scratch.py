"""A runner's folder belongs to it alone, and what a killed one left is gone at the next start."""

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from arclight.sandbox.scratch import Ground, GroundInUse, remove


def test_a_slot_has_its_folders_and_goes_whole(tmp_path: Path) -> None:
    ground = Ground(tmp_path / "g")
    slot = ground.slot()

    assert sorted(p.name for p in slot.iterdir()) == ["home", "in", "program", "tmp", "work"]
    assert stat.S_IMODE(slot.stat().st_mode) == 0o700

    locked = slot / "work" / "a"
    locked.mkdir()
    (locked / "file").touch()
    locked.chmod(0)
    remove(slot)

    assert not slot.exists()
    ground.close()


def test_two_runners_cannot_share_a_folder(tmp_path: Path) -> None:
    first = Ground(tmp_path / "g")

    with pytest.raises(GroundInUse, match="ARCLIGHT_SCRATCH"):
        Ground(tmp_path / "g")

    first.close()
    Ground(tmp_path / "g").close()


def test_what_a_killed_runner_left_is_removed(tmp_path: Path) -> None:
    runner = (
        "import os, sys; from pathlib import Path; from arclight.sandbox.scratch import Ground; "
        "Ground(Path(sys.argv[1])).slot(); os._exit(0)"
    )
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", runner, str(tmp_path / "g")], cwd=root, check=True)
    assert len(list((tmp_path / "g").iterdir())) == 1

    Ground(tmp_path / "g").close()

    assert list((tmp_path / "g").iterdir()) == []


def test_a_link_is_removed_and_not_followed(tmp_path: Path) -> None:
    ground = Ground(tmp_path / "g")
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").touch()
    slot = ground.slot()
    os.symlink(kept, slot / "work" / "link")
    os.symlink(kept, tmp_path / "g" / "beside")

    ground.close()

    assert (kept / "file").exists()
    assert list((tmp_path / "g").iterdir()) == []


def deep(top: Path, levels: int) -> None:
    """Folders in folders, far deeper than a path may be long."""
    here = os.open(top, os.O_RDONLY)
    for number in range(levels):
        os.mkdir("deeper-and-deeper", dir_fd=here)
        below = os.open("deeper-and-deeper", os.O_RDONLY, dir_fd=here)
        os.close(os.open(f"file-{number}", os.O_CREAT | os.O_WRONLY, dir_fd=below))
        os.close(here)
        here = below
    os.close(here)


def test_a_tree_deeper_than_a_path_may_be_long_goes_too(tmp_path: Path) -> None:
    top = tmp_path / "slot"
    top.mkdir()
    deep(top, 700)
    (top / "beside").mkdir()
    deep(top / "beside", 50)

    remove(top)

    assert not top.exists()


LOCKED = """
import os, sys
from pathlib import Path
os.chdir(sys.argv[1])
sys.path.insert(0, sys.argv[2])
from arclight.sandbox import broom
os.chmod(".", 0o711)
if os.geteuid() == 0 and sys.argv[3] == "other":
    os.mkdir("slot")
    os.chown("slot", 64123, 64123)
    if os.fork() == 0:
        os.setresuid(64123, 64123, 64123)
        os.makedirs("slot/a/b/c")
        open("slot/a/b/file", "w").close()
        for name in ("slot/a/b/c", "slot/a/b", "slot/a"):
            os.chmod(name, 0)
        os._exit(0)
    os.wait()
else:
    if os.geteuid() == 0:
        os.chown(".", 64123, 64123)
        os.setresuid(64123, 64123, 64123)
    os.makedirs("slot/a/b/c")
    open("slot/a/b/file", "w").close()
    for name in ("slot/a/b/c", "slot/a/b", "slot/a", "slot"):
        os.chmod(name, 0)
broom.remove(Path("slot"))
"""


@pytest.mark.parametrize("who", ["own", "other"])
def test_folders_that_were_locked_go_too(tmp_path: Path, who: str) -> None:
    """Root removes what another user locked, an ordinary user what is its own."""
    root = str(Path(__file__).parents[2])
    where = Path(tempfile.mkdtemp(dir="/tmp"))
    try:
        command = [sys.executable, "-c", LOCKED, str(where), root, who]
        subprocess.run(command, check=True)

        assert list(where.iterdir()) == []
    finally:
        where.rmdir()


def test_a_file_and_nothing_are_removed(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    os.symlink("/usr", tmp_path / "link")

    for name in ("file", "link", "gone", "gone/below"):
        remove(tmp_path / name)

    assert list(tmp_path.iterdir()) == []
