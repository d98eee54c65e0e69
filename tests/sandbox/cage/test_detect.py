"""Which tier is granted, and what is said when none is."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from arclight.sandbox.cage import bwrap, cures, detect, layers
from arclight.sandbox.cage.detect import CageRefused, Machine, candidates
from arclight.sandbox.cage.probe import ALWAYS, Verdict
from arclight.sandbox.cage.tier import Cage, Tier
from arclight.sandbox.cage.view import barrier

FULL = Machine(
    linux=True,
    root=True,
    admin=True,
    setuid=True,
    bwrap="/usr/bin/bwrap",
    bwrap_missing="",
    landlock=7,
    seccomp=True,
    seatbelt=False,
)
CLEAN = Verdict(leaks=dict.fromkeys((*ALWAYS, "seccomp", "signals", "abstract"), ""))


def found(machine: Machine) -> list[tuple[str, int | None, bool]]:
    return [(str(cage.tier), cage.uid, cage.bare) for cage in candidates(machine)]


def test_root_never_starts_bubblewrap_as_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detect, "open_to", lambda uid: False)

    assert found(FULL) == [
        ("T3", detect.UID, False),
        ("T2", detect.UID, False),
        ("T2", None, True),
    ]
    assert found(replace(FULL, admin=False)) == [("T2", None, True)]
    assert found(replace(FULL, admin=False, setuid=False)) == [("T2", None, True)]


def test_an_ordinary_user_stays_itself() -> None:
    plain = replace(FULL, root=False, admin=False, setuid=False)

    assert found(plain) == [("T3", None, False), ("T2", None, False)]
    assert found(replace(plain, bwrap="")) == [("T2", None, False)]


def test_without_rules_for_tcp_a_shared_network_is_no_cage() -> None:
    plain = replace(FULL, root=False, admin=False, setuid=False, bwrap="", landlock=3)

    assert found(plain) == []
    assert found(replace(plain, seccomp=False, landlock=7)) == []
    assert found(replace(plain, landlock=0)) == []


def test_macos_has_seatbelt() -> None:
    mac = replace(FULL, linux=False, root=False, bwrap="", landlock=0, seccomp=False, seatbelt=True)

    assert found(mac) == [("T1", None, False)]


def test_the_real_self_test_grants_what_this_machine_can() -> None:
    cage = detect.detect()

    assert cage.tier >= Tier.T2
    assert {layer.name for layer in cage.layers} >= {"namespaces", "landlock", "seccomp", "uid"}
    assert json.loads(json.dumps(cage.to_json()))["tier"] == str(cage.tier)
    assert detect.detect(most=Tier.T2).tier is Tier.T2


def test_a_tier_that_leaks_is_not_granted(monkeypatch: pytest.MonkeyPatch) -> None:
    def prove(cage: Cage) -> Verdict:
        leaking = {"files": "a canary"} if cage.tier is Tier.T3 else {}
        return replace(CLEAN, leaks=CLEAN.leaks | leaking)

    monkeypatch.setattr(detect, "look", lambda: FULL)
    monkeypatch.setattr(detect, "prove", prove)

    cage = detect.detect()

    assert cage.tier is Tier.T2
    assert "the self-test got out (files: a canary)" in cage.layers[0].cure


def test_nothing_to_hold_a_program_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = replace(FULL, bwrap="", bwrap_missing="bubblewrap is not installed", landlock=0)
    monkeypatch.setattr(detect, "look", lambda: nothing)

    with pytest.raises(CageRefused, match=r"bubblewrap is not installed.*ALLOW_UNCAGED"):
        detect.detect()

    uncaged = detect.detect(allow_uncaged=True)
    assert uncaged.tier is Tier.T0
    assert "UNCAGED" in uncaged.warning


def test_a_tier_below_all_that_there_is_says_so() -> None:
    with pytest.raises(CageRefused, match="T1 at most was asked for"):
        detect.detect(most=Tier.T1)


@pytest.mark.parametrize(
    ("said", "files", "cure"),
    [
        ("bubblewrap is not installed", {}, "bubblewrap"),
        (
            "bwrap: setting up uid map: Permission denied",
            {"/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1"},
            "/etc/apparmor.d/bwrap",
        ),
        (
            "bwrap: No permissions to create new namespace",
            {"/proc/sys/kernel/unprivileged_userns_clone": "0"},
            "kernel.unprivileged_userns_clone=1",
        ),
        (
            "bwrap: Creating new namespace failed: No space left on device",
            {"/proc/sys/user/max_user_namespaces": "0"},
            "user.max_user_namespaces",
        ),
        ("bwrap: Can't mount proc on /newroot/proc: Operation not permitted", {}, "container"),
    ],
)
def test_each_cause_has_its_cure(
    said: str, files: dict[str, str], cure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cures, "_says", lambda path, value: files.get(path) == value)

    assert cure in cures.why_no_namespaces(Tier.T2, {Tier.T3: said})


def test_layers_say_what_is_missing() -> None:
    cage = Cage(Tier.T2, landlock=4, seccomp=True)
    loose = replace(CLEAN, leaks=CLEAN.leaks | {"signals": "process 7"})

    by_name = {layer.name: layer for layer in layers.layers(cage, loose, "why")}

    assert not by_name["signals"].held
    assert "6.12" in by_name["signals"].cure
    assert not by_name["uid"].held
    assert "ephemeral" in by_name["network"].covers


def test_an_old_bubblewrap_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "bwrap"
    old.write_text("#!/bin/sh\necho bubblewrap 0.6.1\n")
    old.chmod(0o755)
    monkeypatch.setattr("shutil.which", lambda name, path: str(old))

    assert bwrap.find() == ("", "bubblewrap 0.6.1 is too old; 0.8 is needed")


def test_a_folder_that_may_not_be_passed_is_a_barrier(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    (closed / "tree").mkdir(parents=True)
    for folder in (tmp_path, *tmp_path.parents[:2]):
        if folder.stat().st_uid == os.getuid():
            folder.chmod(0o755)
    closed.chmod(0o700)

    assert barrier(closed / "tree", 64_000) == closed
    assert barrier(closed / "tree", os.getuid()) is None
