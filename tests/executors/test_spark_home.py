"""The installation that all runs share."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from services.executor_spark.platforms import archive, spark_home
from services.executor_spark.platforms.java import Java, find_java
from services.executor_spark.platforms.spark_home import Installation, install


def test_it_is_made_once(tmp_path: Path) -> None:
    made = install(tmp_path)
    before = made.options.stat().st_ino

    assert install(tmp_path) == made
    assert made.options.stat().st_ino == before
    assert all(tree.is_dir() for tree in spark_home.runtime_trees(made))


def test_another_java_is_another_installation(tmp_path: Path) -> None:
    java = find_java()
    other = Java(home=java.home, release=17)

    assert install(tmp_path, java).folder != install(tmp_path, other).folder


def test_no_folder_stands_on_the_class_path(tmp_path: Path) -> None:
    """A class archive refuses a class path with folders."""
    options = install(tmp_path).options.read_text().splitlines()
    path = options[options.index('"-cp"') + 1].strip('"')

    assert all(part.endswith(".jar") for part in path.split(":"))


def test_flags_with_blanks_and_quotes_reach_java_whole(tmp_path: Path) -> None:
    file = tmp_path / "options"
    file.write_text(spark_home.argument_file([r'-Da.b=x "y" \z', "-XshowSettings:properties"]))
    java = str(find_java().binary)

    shown = subprocess.run([java, f"@{file}", "-version"], capture_output=True, text=True)

    assert 'a.b = x "y" \\z' in shown.stderr


def test_installations_that_nobody_uses_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = install(tmp_path)
    older, recent = (made.folder.parent / name for name in ("older", "recent"))
    for folder in (older, recent):
        shutil.copytree(made.folder, folder, symlinks=True)
    os.utime(older / "java.options", (0, 0))
    monkeypatch.setattr(archive, "_record", lambda made: made.archive.touch())

    assert archive.ensure(made)

    assert not older.exists()
    assert recent.exists()


def test_a_failed_recording_is_said_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = install(tmp_path)
    broken = Installation(made.folder, made.java, made.packaged)
    monkeypatch.setattr(archive, "INSIDE", tmp_path)

    with pytest.raises(archive.ArchiveFailed, match=r"train\.py"):
        archive.ensure(broken)

    assert not list(made.folder.glob("archive-*"))
    assert not archive.ready(made)
