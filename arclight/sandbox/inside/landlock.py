"""Landlock through ctypes: which files, ports and processes this process may still reach.

Standard library only, loaded by path inside the cage. Numbers are those of `linux/landlock.h`, the
same on every architecture.
"""

import contextlib
import ctypes
import os
import stat
import struct
from collections.abc import Iterable

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_RULE_PATH, _RULE_PORT = 1, 2
_VERSION = 1
_NO_NEW_PRIVS = 38

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 1 << 1, 1 << 2, 1 << 3
_MAKE_CHAR, _MAKE_BLOCK = 1 << 6, 1 << 11
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | _TRUNCATE | _IOCTL_DEV

READ = EXECUTE | READ_FILE | READ_DIR
WRITE = (1 << 15) - 1 & ~_MAKE_CHAR & ~_MAKE_BLOCK
"""Everything in a folder but devices; `_REFER` lets Spark move files between its folders."""
RIGHTS = {"list": READ_DIR, "read": READ, "write": WRITE}

BIND, CONNECT = 1, 2
_SCOPE_ABSTRACT, _SCOPE_SIGNAL = 1, 2

_libc = ctypes.CDLL(None, use_errno=True)


def abi() -> int:
    """The kernel's version of Landlock; 0 without it."""
    if not hasattr(_libc, "syscall") or os.uname().sysname != "Linux":
        return 0
    return max(0, int(_libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION)))


def handled(version: int) -> int:
    """All rights over files that this version knows."""
    bits = 13 + (version >= 2) + (version >= 3) + (version >= 5)
    return int((1 << bits) - 1)


def restrict(
    grants: Iterable[tuple[str, str]],
    *,
    ports: tuple[int, int] | None = None,
    version: int | None = None,
) -> int:
    """Keep only `grants` (path, name of a right), from now on, for good; the version that holds.

    `ports` (first, last) are the TCP ports that may be bound and connected to; None leaves TCP
    alone, for a process that has a network of its own. Signals and abstract sockets stay among
    the processes of this cage. A path that is not there is passed over. Raises OSError.
    """
    version = abi() if version is None else version
    all_files = handled(version)
    net = BIND | CONNECT if ports is not None and version >= 4 else 0
    scope = _SCOPE_ABSTRACT | _SCOPE_SIGNAL if version >= 6 else 0
    attributes = struct.pack("=QQQ", all_files, net, scope)
    size = 8 if version < 4 else 16 if version < 6 else 24
    rules = _call(_CREATE_RULESET, attributes[:size], ctypes.c_size_t(size), 0)
    try:
        for path, right in grants:
            with contextlib.suppress(FileNotFoundError):
                _allow(rules, path, RIGHTS[right] & all_files)
        if net and ports is not None:
            _allow_ports(rules, *ports)
        if _libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl no_new_privs")
        _call(_RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)
    return version


def _allow(rules: int, path: str, rights: int) -> None:
    fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(fd).st_mode):
            rights &= _OF_FILES
        _call(_ADD_RULE, rules, _RULE_PATH, struct.pack("=Qi", rights, fd), 0)
    finally:
        os.close(fd)


def _allow_ports(rules: int, first: int, last: int) -> None:
    """One rule a port, so the loop is bare; port 0 asks the kernel for any free one."""
    syscall, rule = _libc.syscall, (ctypes.c_uint64 * 2)(BIND, 0)
    address = ctypes.byref(rule)
    if syscall(_ADD_RULE, rules, _RULE_PORT, address, 0) != 0:
        raise OSError(ctypes.get_errno(), "landlock port 0")
    rule[0] = BIND | CONNECT
    for port in range(first, last + 1):
        rule[1] = port
        if syscall(_ADD_RULE, rules, _RULE_PORT, address, 0) != 0:
            raise OSError(ctypes.get_errno(), f"landlock port {port}")


def _call(number: int, *args: object) -> int:
    result = int(_libc.syscall(number, *args))
    if result < 0:
        raise OSError(ctypes.get_errno(), f"landlock system call {number}")
    return result
