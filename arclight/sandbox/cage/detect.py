"""`detect`: the strongest cage of this machine that its self-test could not leave."""

import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace

from arclight.contracts.failure import ArclightError
from arclight.sandbox.cage import bwrap, cures, layers, seatbelt
from arclight.sandbox.cage.probe import Verdict, prove
from arclight.sandbox.cage.tier import Cage, Tier
from arclight.sandbox.cage.view import open_to
from arclight.sandbox.inside import landlock, seccomp

UID = 64_000
"""The first user of runs where this process is root: above those that systems give to people
(60,000) and below the 65,534 of nobody. Callers add the number of the run's place."""

_SYS_ADMIN, _SETUID = 21, 7
_T2_LANDLOCK = 4
"""The first version with rules for TCP; an own network makes up for it."""


class CageRefused(ArclightError):
    """Programs may not run here: there is nothing that could hold them."""


@dataclass(frozen=True)
class Machine:
    """What a cage could be made of."""

    linux: bool
    root: bool
    admin: bool
    setuid: bool
    bwrap: str
    bwrap_missing: str
    landlock: int
    seccomp: bool
    seatbelt: bool


def look() -> Machine:
    """The facts, without trying anything out."""
    linux = sys.platform == "linux"
    path, missing = bwrap.find() if linux else ("", "this is not Linux")
    powers = _capabilities() if linux else 0
    root = os.geteuid() == 0
    return Machine(
        linux=linux,
        root=root,
        admin=root and bool(powers >> _SYS_ADMIN & 1),
        setuid=root and bool(powers >> _SETUID & 1),
        bwrap=path,
        bwrap_missing=missing,
        landlock=landlock.abi(),
        seccomp=linux and platform.machine() in seccomp.AUDIT,
        seatbelt=sys.platform == "darwin" and os.access(seatbelt.PROGRAM, os.X_OK),
    )


def detect(*, allow_uncaged: bool = False, most: Tier | None = None) -> Cage:
    """Try the tiers from the strongest down, at most `most`; takes under a second.

    Raises CageRefused, with reason and cure, when none holds and `allow_uncaged` is False.
    """
    machine = look()
    tried: dict[Tier, str] = {}
    for cage in candidates(machine):
        if most is not None and cage.tier > most:
            continue
        verdict = prove(cage)
        failed = verdict.failed(cage)
        if not failed:
            return _described(cage, machine, verdict, tried)
        tried.setdefault(cage.tier, failed)
    if machine.bwrap_missing and (most is None or most >= Tier.T3):
        tried.setdefault(Tier.T3, machine.bwrap_missing)
    if allow_uncaged:
        return _described(Cage(Tier.T0), machine, Verdict(), tried)
    if not tried and most is not None:
        raise CageRefused(f"No program may run here: {most} at most was asked for, which has none.")
    raise CageRefused(cures.refusal(machine.linux, tried))


def candidates(machine: Machine) -> Iterator[Cage]:
    """Cages worth a self-test, the strongest first."""
    base = Cage(Tier.T3, admin=machine.admin, landlock=machine.landlock, seccomp=machine.seccomp)
    inner = machine.landlock > 0 and machine.seccomp
    if machine.bwrap and inner:
        # bubblewrap is never started as root, and as root without capabilities it cannot start.
        if not machine.root:
            yield replace(base, bwrap=machine.bwrap)
        elif machine.setuid and (machine.admin or open_to(UID)):
            yield replace(base, bwrap=machine.bwrap, uid=UID)
    if inner and (machine.admin or machine.landlock >= _T2_LANDLOCK):
        # Without a view of its own the user has no name in /etc/passwd, and Spark does not start.
        if machine.setuid and machine.admin:
            yield replace(base, tier=Tier.T2, uid=UID)
        yield replace(base, tier=Tier.T2, bare=machine.root)
    if machine.seatbelt:
        yield Cage(Tier.T1)


def _described(cage: Cage, machine: Machine, verdict: Verdict, tried: dict[Tier, str]) -> Cage:
    return replace(
        cage,
        layers=layers.layers(cage, verdict, cures.why_no_namespaces(cage.tier, tried)),
    )


def _capabilities() -> int:
    with open("/proc/self/status") as f:
        found = next((line for line in f if line.startswith("CapEff:")), "CapEff: 0")
    return int(found.split()[1], 16)
