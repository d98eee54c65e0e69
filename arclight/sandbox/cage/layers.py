"""The layers of a cage in words: what each covers, whether it held in the self-test, the cure."""

from arclight.sandbox.cage.probe import Verdict
from arclight.sandbox.cage.tier import Cage, Layer, Tier

_NEWER = "a Linux kernel {version} or newer"


def layers(cage: Cage, verdict: Verdict, no_namespaces: str) -> tuple[Layer, ...]:
    """All of them, in the order in which they close."""
    return (
        _namespaces(cage, no_namespaces),
        _landlock(cage),
        Layer(
            "seccomp",
            cage.seccomp,
            "System calls that no program needs: tracing, mounts, modules, new name spaces.",
            "" if cage.seccomp else "Linux on x86_64 or aarch64",
        ),
        _uid(cage),
        _network(cage),
        _signals(cage, verdict),
        Layer(
            "limits",
            True,
            "Memory, time, processes, files and output, watched and enforced from outside.",
        ),
    )


def _namespaces(cage: Cage, why: str) -> Layer:
    covers = "A file system, processes, users and IPC of its own; nothing else exists there."
    if cage.tier is Tier.T1:
        covers = "Seatbelt profile (development containment): files and network by rule."
    return Layer("namespaces", cage.tier >= Tier.T3, covers, why)


def _landlock(cage: Cage) -> Layer:
    return Layer(
        "landlock",
        cage.landlock > 0,
        f"Reading and writing only what was granted (version {cage.landlock})."
        if cage.landlock
        else "Reading and writing only what was granted.",
        "" if cage.landlock else _NEWER.format(version="5.13") + " with lsm=landlock",
    )


def _uid(cage: Cage) -> Layer:
    if cage.uid is not None:
        return Layer("uid", True, f"Programs run as users of their own, from {cage.uid} on.")
    if cage.bare:
        cure = "run Arclight as an ordinary user, or grant CAP_SETUID and CAP_SYS_ADMIN"
        return Layer("uid", False, "Programs run as root without any capability.", cure)
    covers = "Programs run as the user of the service"
    if cage.tier >= Tier.T3:
        return Layer("uid", True, f"{covers}, in a user name space without any capability.")
    return Layer("uid", False, f"{covers}.", "start Arclight as root, or get name spaces")


def _network(cage: Cage) -> Layer:
    if cage.tier >= Tier.T3 or (cage.tier is Tier.T2 and cage.admin):
        return Layer("network", True, "A network of its own with nothing but localhost in it.")
    if cage.tier is Tier.T2:
        covers = (
            "TCP among ephemeral ports only, on any address; no UDP. "
            "Other services on ephemeral ports, and Unix sockets by path, can be reached."
        )
        return Layer("network", True, covers)
    if cage.tier is Tier.T1:
        return Layer("network", True, "Localhost only, by the Seatbelt profile.")
    return Layer("network", False, "The whole network is open.", "a tier above T0")


def _signals(cage: Cage, verdict: Verdict) -> Layer:
    covers = "Processes outside cannot be signalled, nor reached by abstract sockets."
    loose = [verdict.leaks.get(name, "untested") for name in ("signals", "abstract")]
    held = cage.tier is not Tier.T0 and not any(loose)
    return Layer("signals", held, covers, "" if held else _NEWER.format(version="6.12"))
