"""The last step before the program: take away what it never needs, then become it.

`python -I -S confine.py ORDER ARGV…`; ORDER is JSON: `grants` for Landlock, `ports`, `tcp_only`,
`own_ipc`, `touch` (files to make, so that a right can be given to them), `threads` (most of them,
or null) and `control` (descriptor 3 stays open). Standard library only, loaded by path inside.
"""

import importlib.util
import json
import os
import resource
import sys
from typing import Any


def main(order: dict[str, Any], argv: list[str]) -> None:
    """Never returns. Ends with 126 and a sentence when a layer cannot be put on."""
    environment = _environment()
    try:
        for path in order["touch"]:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600))
        os.closerange(4 if order["control"] else 3, 1 << 16)
        if order["threads"] is not None:
            # Here and not before: a user name space counts its own.
            resource.setrlimit(resource.RLIMIT_NPROC, (order["threads"], order["threads"]))
        if order["grants"] is not None:
            ports = order["ports"]
            _sibling("landlock").restrict(order["grants"], ports=ports and tuple(ports))
        if order["seccomp"]:
            seccomp = _sibling("seccomp")
            options = {name: order[name] for name in ("tcp_only", "own_ipc")}
            seccomp.load(seccomp.program(os.uname().machine, **options))
    except (OSError, KeyError, ValueError) as error:
        os.write(2, f"the cage cannot be closed: {error}\n".encode())
        os._exit(126)
    try:
        os.execve(argv[0], argv, environment)
    except OSError as error:
        os.write(2, f"cannot start {argv[0]}: {error}\n".encode())
        os._exit(127)


def _environment() -> dict[bytes, bytes]:
    """As it was given: without the PWD of bubblewrap and the LC_CTYPE of this interpreter."""
    with open("/proc/self/environ", "rb") as f:
        pairs = (entry.partition(b"=") for entry in f.read().split(b"\0") if entry)
        return {name: value for name, _, value in pairs if name != b"PWD"}


def _sibling(name: str) -> Any:
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"arclight_inside_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), sys.argv[2:])
