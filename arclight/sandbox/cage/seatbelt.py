"""macOS: a profile for `sandbox-exec`. Development containment, no proof against hostile programs.

Not run by any test of ours: they run on Linux. The profile follows Apple's rule that the last
matching line wins.
"""

import json
from pathlib import Path

from arclight.sandbox.cage import bwrap
from arclight.sandbox.cage.policy import Policy

PROGRAM = "/usr/bin/sandbox-exec"
_SYSTEM = (
    "/usr",
    "/bin",
    "/sbin",
    "/System",
    "/Library",
    "/private/etc",
    "/private/var/db",
    "/dev",
)


def command(policy: Policy) -> tuple[str, ...]:
    """`sandbox-exec` and its profile; the program follows."""
    return (PROGRAM, "-p", profile(policy))


def profile(policy: Policy) -> str:
    """Reads the system, Python and what is granted; writes its folder; talks to itself only."""
    readable = [*map(Path, _SYSTEM), *bwrap.read_only(policy), policy.folder]
    readable += [bind.source for bind in policy.binds]
    writable = [policy.folder, *(bind.source for bind in policy.binds if bind.writable)]
    kept = [policy.folder / name for name in policy.readonly_in_folder]
    return "\n".join(
        (
            "(version 1)",
            "(deny default)",
            "(allow process-fork process-exec sysctl-read mach-lookup ipc-posix-shm)",
            "(allow signal (target same-sandbox))",
            "(allow file-read-metadata)",
            f"(allow file-read* {_subpaths(readable)})",
            f"(allow file-write* {_subpaths(writable)})",
            f"(deny file-write* {_subpaths(kept)})",
            '(allow file-write-data (literal "/dev/null"))',
            '(allow network* (local ip "localhost:*") (remote ip "localhost:*"))',
            f"(allow network* {_subpaths(writable)})",
        )
    )


def _subpaths(paths: list[Path]) -> str:
    # The kernel compares real paths: /tmp is a link there.
    return " ".join(f"(subpath {json.dumps(str(path.resolve()))})" for path in paths)
