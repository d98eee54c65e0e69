"""Why a layer is missing, and what to type about it."""

from collections.abc import Mapping
from pathlib import Path

from arclight.sandbox.cage.tier import Tier

APPARMOR = """\
write /etc/apparmor.d/bwrap, then `systemctl reload apparmor`:
  abi <abi/4.0>,
  include <tunables/global>
  profile bwrap /usr/bin/bwrap flags=(unconfined) {
    userns,
    include if exists <local/bwrap>
  }
It lets bubblewrap alone make name spaces; do not switch the restriction off for every program."""

_INSTALL = {
    "apt": "apt install bubblewrap",
    "dnf": "dnf install bubblewrap",
    "apk": "apk add bubblewrap",
    "pacman": "pacman -S bubblewrap",
    "zypper": "zypper install bubblewrap",
}


def why_no_namespaces(tier: Tier, tried: Mapping[Tier, str]) -> str:
    """Reason and cure; empty when the tier has them."""
    if tier >= Tier.T3:
        return ""
    reason = tried.get(Tier.T3, "not asked for: a lower tier was")
    cure = _cure(reason)
    return f"{reason}. Cure: {cure}" if cure else reason


def refusal(linux: bool, tried: Mapping[Tier, str]) -> str:
    """Why programs may not run here, for the operator."""
    reasons = "; ".join(f"{tier}: {why}" for tier, why in sorted(tried.items(), reverse=True))
    cure = _cure(tried.get(Tier.T3, "")) if linux else "run Arclight on Linux, or in a container"
    return (
        "No program may run here: nothing on this machine could hold it. "
        f"{reasons or 'The kernel has neither Landlock nor seccomp.'} "
        f"Cure: {cure or 'a Linux kernel 6.7 or newer with Landlock, or bubblewrap'}. "
        "ARCLIGHT_ALLOW_UNCAGED=1 runs programs all the same, with every power of this user: "
        "only for programs that you wrote yourself."
    )


def _cure(reason: str) -> str:
    if "not installed" in reason or "too old" in reason:
        return _install()
    if "uid map" in reason or "creating new namespace" in reason or "new namespace" in reason:
        return _user_namespaces()
    if "mount proc" in reason or "Operation not permitted" in reason:
        return _container()
    return ""


def _install() -> str:
    for manager, command in _INSTALL.items():
        if any(Path(folder, manager).exists() for folder in ("/usr/bin", "/sbin", "/usr/sbin")):
            return f"`{command}` (the PyPI package of that name is something else)"
    return "install bubblewrap 0.8 or newer with the system's package manager"


def _user_namespaces() -> str:
    if _says("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1"):
        return f"AppArmor forbids user name spaces; {APPARMOR}"
    if _says("/proc/sys/kernel/unprivileged_userns_clone", "0"):
        return "`sysctl kernel.unprivileged_userns_clone=1`"
    if _says("/proc/sys/user/max_user_namespaces", "0"):
        return "`sysctl user.max_user_namespaces=15000`"
    return _container()


def _container() -> str:
    if any(Path(mark).exists() for mark in ("/.dockerenv", "/run/.containerenv")):
        return "none needed: in a container T2 is the cage, and the container the wall around it"
    return "allow user name spaces to this process (it may run in a container or under seccomp)"


def _says(path: str, value: str) -> bool:
    try:
        return Path(path).read_text().strip() == value
    except OSError:
        return False
