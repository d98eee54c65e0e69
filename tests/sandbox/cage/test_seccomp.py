"""The filter, run by a small interpreter of BPF: no kernel needed, every architecture."""

import errno
import os
import struct

import pytest

from arclight.sandbox.inside import seccomp

X86, ARM = 0, 1
ALLOW, KILL = 0x7FFF0000, 0x80000000
MACHINES = ("x86_64", "aarch64")


def decide(filter_: bytes, arch: int, number: int, *arguments: int) -> int:
    """What the kernel would return for this call."""
    padded = (*arguments, *[0] * (6 - len(arguments)))
    data = struct.pack("=IIQ6Q", number, arch, 0, *(a & 0xFFFFFFFFFFFFFFFF for a in padded))
    code = list(struct.iter_unpack("=HBBI", filter_))
    value, at = 0, 0
    while True:
        operation, true, false, operand = code[at]
        at += 1
        if operation == 0x20:
            value = struct.unpack_from("=I", data, operand)[0]
        elif operation == 0x54:
            value &= operand
        elif operation == 0x06:
            return int(operand)
        else:
            tests = {0x15: value == operand, 0x35: value >= operand, 0x45: bool(value & operand)}
            at += true if tests[operation] else false


def answer(machine: str, number: int, *arguments: int, **options: bool) -> str:
    """`allow`, `kill`, or the name of the error."""
    found = decide(seccomp.program(machine, **options), seccomp.AUDIT[machine], number, *arguments)
    if found in (ALLOW, KILL):
        return "allow" if found == ALLOW else "kill"
    return errno.errorcode[found & 0xFFFF]


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("table", ["CALLS", "MISSING"])
def test_the_listed_calls_are_refused(machine: str, table: str) -> None:
    expected = {"CALLS": "EPERM", "MISSING": "ENOSYS"}[table]
    for name, numbers in getattr(seccomp, table).items():
        number = numbers[MACHINES.index(machine)]
        if number is not None:
            assert answer(machine, number) == expected, name


@pytest.mark.parametrize("machine", MACHINES)
def test_no_number_stands_twice(machine: str) -> None:
    column = MACHINES.index(machine)
    tables = (seccomp.CALLS, seccomp.MISSING, seccomp.SHARED)
    numbers = [n[column] for table in tables for n in table.values() if n[column] is not None]

    assert len(numbers) == len(set(numbers))


def test_a_foreign_architecture_is_killed() -> None:
    filter_ = seccomp.program("x86_64")

    assert decide(filter_, 0x40000003, 11) == KILL  # i386, by int 0x80
    assert decide(filter_, seccomp.AUDIT["aarch64"], 0) == KILL


def test_x32_does_not_exist() -> None:
    assert answer("x86_64", 0x40000000 | 101) == "ENOSYS"
    assert answer("x86_64", 0xFFFFFFFF) == "ENOSYS"


@pytest.mark.parametrize(
    ("name", "number", "arguments", "expected"),
    [
        ("read", 0, (3,), "allow"),
        ("fork", 56, (17,), "allow"),
        ("thread", 56, (0x3D0F00,), "allow"),
        ("clone user", 56, (0x10000000 | 17,), "EPERM"),
        ("clone mount", 56, (0x20000 | 17,), "EPERM"),
        ("clone cgroup", 56, (0x02000000 | 17,), "EPERM"),
        ("window size", 16, (1, 0x5413), "allow"),
        ("TIOCSTI", 16, (0, 0x5412), "EPERM"),
        ("TIOCSTI, upper half set", 16, (0, 0x5412 | 1 << 32), "EPERM"),
        ("chmod 755", 90, (0, 0o755), "allow"),
        ("chmod 4755", 90, (0, 0o4755), "EPERM"),
        ("fchmod 2755", 91, (3, 0o2755), "EPERM"),
        ("fchmodat 6755", 268, (3, 0, 0o6755), "EPERM"),
        ("fchmodat2 4755", 452, (3, 0, 0o4755), "EPERM"),
        ("open for reading, rubbish as mode", 2, (0, os.O_RDONLY, 0o4755), "allow"),
        ("open for creation", 2, (0, os.O_CREAT, 0o644), "allow"),
        ("open with setid", 2, (0, os.O_CREAT, 0o4755), "EPERM"),
        ("openat with setid", 257, (0, 0, os.O_CREAT, 0o4755), "EPERM"),
        ("O_TMPFILE with setid", 257, (0, 0, os.O_TMPFILE, 0o4755), "EPERM"),
        ("creat with setid", 85, (0, 0o4755), "EPERM"),
        ("mkfifo", 133, (0, 0o010644), "allow"),
        ("block device", 133, (0, 0o060644), "EPERM"),
        ("character device", 259, (3, 0, 0o020644), "EPERM"),
        ("personality, asked", 135, (0xFFFFFFFF,), "allow"),
        ("personality, no randomisation", 135, (0x0040000,), "EPERM"),
        ("own limits", 302, (0, 7, 0x7F0000000000), "allow"),
        ("others' limits, read", 302, (77, 7, 0, 1), "allow"),
        ("others' limits, set", 302, (77, 7, 0x1234), "EPERM"),
        ("others' limits, set, lower half zero", 302, (77, 7, 0x7F0000000000), "EPERM"),
        ("unix", 41, (1, 1, 0), "allow"),
        ("tcp", 41, (2, 1, 0), "allow"),
        ("tcp, not to be inherited", 41, (10, 1 | 0o2000000, 6), "allow"),
        ("udp", 41, (2, 2, 0), "allow"),
        ("routes", 41, (16, 3, 0), "allow"),
        ("netfilter", 41, (16, 3, 12), "EAFNOSUPPORT"),
        ("packet", 41, (17, 3, 0), "EAFNOSUPPORT"),
        ("vsock", 41, (40, 1, 0), "EAFNOSUPPORT"),
        ("crypto", 41, (38, 5, 0), "EAFNOSUPPORT"),
        ("pair", 53, (1, 1, 0), "allow"),
        ("pair of others", 53, (16, 1, 0), "EAFNOSUPPORT"),
        ("System V memory", 29, (), "allow"),
    ],
)
def test_what_depends_on_the_arguments(
    name: str, number: int, arguments: tuple[int, ...], expected: str
) -> None:
    assert answer("x86_64", number, *arguments) == expected, name


@pytest.mark.parametrize(
    ("name", "number", "arguments", "expected"),
    [
        ("unix datagram", 41, (1, 2, 0), "allow"),
        ("tcp", 41, (2, 1 | 0o4000, 0), "allow"),
        ("tcp 6", 41, (10, 1, 6), "allow"),
        ("udp", 41, (2, 2, 0), "EAFNOSUPPORT"),
        ("udp 6, not to be inherited", 41, (10, 2 | 0o2000000, 17), "EAFNOSUPPORT"),
        ("raw", 41, (2, 3, 1), "EAFNOSUPPORT"),
        ("mptcp, which Landlock does not see", 41, (2, 1, 262), "EAFNOSUPPORT"),
        ("sctp", 41, (2, 1, 132), "EAFNOSUPPORT"),
        ("sendto", 44, (3, 0, 1, 0x4000), "allow"),
        ("fast open by sendto", 44, (3, 0, 1, 0x20000000), "EPERM"),
        ("fast open by sendmsg", 46, (3, 0, 0x20000000), "EPERM"),
        ("fast open by sendmmsg", 307, (3, 0, 1, 0x20000000), "EPERM"),
        ("System V memory", 29, (), "EPERM"),
        ("message queue", 240, (), "EPERM"),
    ],
)
def test_what_a_shared_network_adds(
    name: str, number: int, arguments: tuple[int, ...], expected: str
) -> None:
    assert answer("x86_64", number, *arguments, tcp_only=True, own_ipc=False) == expected, name


@pytest.mark.parametrize(
    ("number", "arguments", "expected"),
    [
        (220, (17,), "allow"),
        (220, (0x10000000,), "EPERM"),
        (52, (3, 0o4755), "EPERM"),
        (56, (0, 0, os.O_CREAT, 0o4755), "EPERM"),
        (198, (40, 1, 0), "EAFNOSUPPORT"),
        (261, (77, 7, 0x1234), "EPERM"),
        (29, (0, 0x5412), "EPERM"),
    ],
)
def test_the_other_architecture_too(number: int, arguments: tuple[int, ...], expected: str) -> None:
    assert answer("aarch64", number, *arguments) == expected


def test_an_unknown_architecture_has_no_filter() -> None:
    with pytest.raises(KeyError):
        seccomp.program("riscv64")
