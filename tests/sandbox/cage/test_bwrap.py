"""The command line of bubblewrap: what is in it, and in which order."""

import sys
from pathlib import Path

import pytest

import arclight
from arclight.sandbox.cage import bwrap, grants, layout
from arclight.sandbox.cage.policy import Bind, Policy
from arclight.sandbox.cage.tier import Cage, Tier

FOLDER = Path("/tmp/arc-x")
MOUNTS = {"--bind": 2, "--ro-bind": 2, "--ro-bind-try": 2, "--tmpfs": 1, "--proc": 1, "--dev": 1}


def places(words: list[str]) -> list[str]:
    """Where things are mounted, in order."""
    found = []
    for at, word in enumerate(words):
        if word in MOUNTS:
            found.append(words[at + MOUNTS[word]])
    return found


def after(words: list[str], option: str) -> str:
    return words[words.index(option) + 1]


def test_parents_are_mounted_before_what_lies_in_them() -> None:
    policy = Policy(
        FOLDER,
        binds=(
            Bind(Path("/srv/a/b/c"), Path("/srv/a/b/c")),
            Bind(Path("/data"), Path("/srv/a"), writable=True),
        ),
        runtime=(Path("/opt/java"),),
    )

    found = places(bwrap.command("/usr/bin/bwrap", policy))

    for at, place in enumerate(found):
        later = [other for other in found[at + 1 :] if Path(place).is_relative_to(other)]
        assert later == [], f"{later} hides {place}"
    assert {"/srv/a", "/srv/a/b/c", "/opt/java", str(FOLDER), str(FOLDER / "in")} <= set(found)


def test_everything_is_its_own_and_nothing_can_be_taken_back() -> None:
    words = bwrap.command("/usr/bin/bwrap", Policy(FOLDER, tmp=7, shm=9))

    for option in ("--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent"):
        assert option in words
    assert after(words, "--cap-drop") == "ALL"
    assert words[-4:] == ["--remount-ro", "/dev", "--remount-ro", "/"]
    text = " ".join(words)
    assert "--size 7 --tmpfs /tmp" in text
    assert "--size 9 --tmpfs /dev/shm" in text
    assert "--ro-bind /proc/sys /proc/sys" in text
    assert "--as-pid-1" not in words
    assert "--as-pid-1" in bwrap.command("/usr/bin/bwrap", Policy(FOLDER, pid1=True))


def test_only_inside_folders_of_ours_are_shown() -> None:
    checkout = Path(arclight.__file__).resolve().parents[1]

    found = [Path(p) for p in places(bwrap.command("/usr/bin/bwrap", Policy(FOLDER)))]

    environment = Path(sys.prefix)
    ours = [p for p in found if p.is_relative_to(checkout) and not p.is_relative_to(environment)]
    assert ours == [layout.INSIDE]
    # A fresh /tmp may stand where the checkout lies; that shows nothing of it.
    shown = [p for p in found if p != Path("/tmp")]
    assert not any(checkout.is_relative_to(p) for p in shown)


def test_an_installed_package_is_covered_but_for_its_inside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    package = Path(sys.prefix, "lib", "arclight")
    inside = package / "sandbox" / "inside"
    monkeypatch.setattr(layout, "hidden", lambda: [package])
    monkeypatch.setattr(layout, "INSIDE", inside)

    words = bwrap.command("/usr/bin/bwrap", Policy(FOLDER))

    found = places(words)
    assert after(words, "--tmpfs")
    assert found.index(sys.prefix) < found.index(str(package)) < found.index(str(inside))
    assert f"--remount-ro {package}" in " ".join(words)


def test_holes_are_cut_out_of_grants(tmp_path: Path) -> None:
    for name in ("lib/pandas", "lib/arclight/sandbox", "bin"):
        (tmp_path / name).mkdir(parents=True)

    found = list(layout.without(tmp_path, [tmp_path / "lib" / "arclight"]))

    assert found == [tmp_path / "bin", tmp_path / "lib" / "pandas"]


def test_the_folder_is_granted_but_for_its_read_only_parts(tmp_path: Path) -> None:
    for name in ("program", "in", "work", "home"):
        (tmp_path / name).mkdir()
    (tmp_path / "link").symlink_to("/etc")
    cage = Cage(Tier.T2, landlock=7, seccomp=True)

    found = grants._grants(cage, Policy(tmp_path), apart=False)

    written = {path for path, right in found if right == "write"}
    assert {p for p in written if p.startswith(str(tmp_path))} == {
        str(tmp_path / name) for name in ("work", "home", "failure.json")
    }
    assert (str(tmp_path), "read") in found
    assert not any(path in ("/", "/etc", "/root", "/home", "/var", "/tmp") for path, _ in found)


def test_outermost_leaves_out_what_is_shown_already() -> None:
    paths = [Path(p) for p in ("/a/b", "/a", "/a", "/usr/lib/python3", "/c/d")]

    assert layout.outermost(paths) == [Path("/a"), Path("/c/d")]
