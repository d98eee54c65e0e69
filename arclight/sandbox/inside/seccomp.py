"""The system calls that no program of ours needs, refused by a seccomp filter.

Standard library only, loaded by path inside the cage. Everything else is allowed: the filter keeps
the kernel's rarely used doors shut, files and network are for Landlock and name spaces.
"""

import ctypes
import errno
import os
import struct

_ALLOW = 0x7FFF0000
_ERRNO = 0x00050000
_KILL = 0x80000000
_LOAD, _JEQ, _JGE, _JSET, _AND, _RET = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_NR, _ARCH, _ARGS = 0, 4, 16
_X32 = 0x40000000
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

EPERM, ENOSYS, EAFNOSUPPORT = errno.EPERM, errno.ENOSYS, errno.EAFNOSUPPORT

# name: (x86_64, aarch64); None where the architecture has no such call.
CALLS: dict[str, tuple[int | None, int | None]] = {
    # Other processes' memory and descriptors.
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "kcmp": (312, 272), "pidfd_getfd": (438, 438), "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    # The kernel itself: modules, programs, events, logs, keys.
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "create_module": (174, None),
    "get_kernel_syms": (177, None), "query_module": (178, None), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "syslog": (103, 116),
    "fanotify_init": (300, 262), "lookup_dcookie": (212, 18), "add_key": (248, 217),
    "request_key": (249, 218), "keyctl": (250, 219),
    # Mounts, roots and name spaces.
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "move_mount": (429, 429), "open_tree": (428, 428), "open_tree_attr": (467, 467),
    "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "mount_setattr": (442, 442), "unshare": (272, 97), "setns": (308, 268),
    "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264),
    # The machine: power, clock, name, swap, quotas, ports of the processor.
    "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89),
    "quotactl": (179, 60), "quotactl_fd": (443, 443), "settimeofday": (164, 170),
    "clock_settime": (227, 112), "clock_adjtime": (305, 266), "adjtimex": (159, 171),
    "sethostname": (170, 161), "setdomainname": (171, 162), "iopl": (172, None),
    "ioperm": (173, None), "modify_ldt": (154, None), "vhangup": (153, 58),
    "uselib": (134, None), "ustat": (136, None), "sysfs": (139, None), "_sysctl": (156, None),
    "nfsservctl": (180, 42),
}  # fmt: skip

# Said not to exist, so that libraries take their other way. The arguments of clone3 and openat2
# lie in memory, where a filter cannot look.
MISSING: dict[str, tuple[int | None, int | None]] = {
    "clone3": (435, 435), "openat2": (437, 437), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "memfd_secret": (447, 447),
    "statmount": (457, 457), "listmount": (458, 458),
}  # fmt: skip

# Named objects that all processes of a user share; refused where there is no IPC name space.
SHARED: dict[str, tuple[int | None, int | None]] = {
    "shmget": (29, 194), "semget": (64, 190), "msgget": (68, 186), "mq_open": (240, 180),
}  # fmt: skip

_NEW_NAMESPACES = 0x7E020000
"""CLONE_NEWNS, CGROUP, UTS, IPC, USER, PID and NET."""
_SETID = 0o6000
_CREATES = os.O_CREAT | 0x400000  # and __O_TMPFILE
_DEVICES = (0o020000, 0o060000)
_KIND = 0o170000
_FASTOPEN = 0x20000000
"""MSG_FASTOPEN connects without the call that Landlock watches."""
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
_PERSONALITIES = (0, 0x0008, 0x20000, 0x20008, 0xFFFFFFFF)
"""Linux and its harmless variants; the others switch off address randomisation's helpers."""
_UNIX, _INET, _INET6, _NETLINK, _STREAM, _TCP = 1, 2, 10, 16, 1, 6

Code = list[tuple[int, int, int, int]]


def program(machine: str, *, tcp_only: bool = False, own_ipc: bool = True) -> bytes:
    """The filter for this architecture. Raises KeyError for one that has no table.

    `tcp_only` shuts datagrams and every way around Landlock's view of TCP, for a process that
    shares the machine's network; `own_ipc` False refuses System V and POSIX named objects.
    """
    arch = ("x86_64", "aarch64").index(machine) if machine in AUDIT else -1
    code: Code = [(_LOAD, 0, 0, _ARCH), (_JEQ, 1, 0, AUDIT[machine]), _ret(_KILL)]
    code.append((_LOAD, 0, 0, _NR))
    if machine == "x86_64":
        code += [(_JGE, 0, 1, _X32), _ret(_ERRNO | ENOSYS)]
    for table, answer in ((CALLS, EPERM), (MISSING, ENOSYS), ({} if own_ipc else SHARED, EPERM)):
        for numbers in table.values():
            if (number := numbers[arch]) is not None:
                code += [(_JEQ, 0, 1, number), _ret(_ERRNO | answer)]
    for numbers, body in _looked_at(tcp_only):
        if (number := numbers[arch]) is not None:
            code += [(_JEQ, 0, len(body) + 1, number), *body, _ret(_ALLOW)]
    code.append(_ret(_ALLOW))
    return b"".join(struct.pack("=HBBI", *line) for line in code)


def _looked_at(tcp_only: bool) -> list[tuple[tuple[int | None, int | None], Code]]:
    """Calls that are refused for some arguments."""
    mknod: Code = []
    for kind in _DEVICES:
        mknod += [(_AND, 0, 0, _KIND), (_JEQ, 0, 1, kind), _ret(_ERRNO | EPERM)]
    rules: list[tuple[tuple[int | None, int | None], Code]] = [
        ((56, 220), _refuse_bits(0, _NEW_NAMESPACES)),  # clone
        ((16, 29), _refuse_values(1, (_TIOCSTI, _TIOCLINUX))),  # ioctl
        ((90, None), _refuse_bits(1, _SETID)),  # chmod
        ((91, 52), _refuse_bits(1, _SETID)),  # fchmod
        ((268, 53), _refuse_bits(2, _SETID)),  # fchmodat
        ((452, 452), _refuse_bits(2, _SETID)),  # fchmodat2
        ((85, None), _refuse_bits(1, _SETID)),  # creat
        ((2, None), _refuse_setid_creation(1, 2)),  # open
        ((257, 56), _refuse_setid_creation(2, 3)),  # openat
        ((133, None), [*_refuse_bits(1, _SETID), *mknod]),  # mknod
        ((259, 33), [*_refuse_bits(2, _SETID), *mknod]),  # mknodat
        ((135, 92), _allow_values(0, _PERSONALITIES, EPERM)),  # personality
        # Limits of another process: what is set, not what is read.
        ((302, 261), [_arg(0), (_JEQ, 5, 0, 0), _arg(2), (_JEQ, 0, 2, 0), *_upper(2)]),
        ((41, 198), _socket(tcp_only)),
        ((53, 199), _allow_values(0, (_UNIX,), EAFNOSUPPORT)),  # socketpair
    ]
    if tcp_only:
        rules += [
            ((44, 206), _refuse_bits(3, _FASTOPEN)),  # sendto
            ((46, 211), _refuse_bits(2, _FASTOPEN)),  # sendmsg
            ((307, 269), _refuse_bits(3, _FASTOPEN)),  # sendmmsg
        ]
    return rules


def _upper(argument: int) -> Code:
    """Refuse unless the upper half of a pointer is zero too."""
    return [
        (_LOAD, 0, 0, _ARGS + 8 * argument + 4),
        (_JEQ, 1, 0, 0),
        _ret(_ERRNO | EPERM),
    ]


def _socket(tcp_only: bool) -> Code:
    """Unix sockets, IP, and the routing table, which Java and Ray read."""
    refuse = _ret(_ERRNO | EAFNOSUPPORT)
    netlink: Code = [_arg(2), (_JEQ, 1, 0, 0), refuse, _ret(_ALLOW)]
    ip: Code = [_ret(_ALLOW)]
    if tcp_only:
        ip = [_arg(1), (_AND, 0, 0, 0xF), (_JEQ, 1, 0, _STREAM), refuse]
        ip += [_arg(2), (_JEQ, 2, 0, 0), (_JEQ, 1, 0, _TCP), refuse, _ret(_ALLOW)]
    return [
        _arg(0),
        (_JEQ, 0, 1, _UNIX),
        _ret(_ALLOW),
        (_JEQ, 0, len(netlink), _NETLINK),
        *netlink,
        (_JEQ, 1, 0, _INET),
        (_JEQ, 0, len(ip), _INET6),
        *ip,
        refuse,
    ]


def _refuse_setid_creation(flags: int, mode: int) -> Code:
    """The mode means something only when a file is made."""
    refuse = _refuse_bits(mode, _SETID)
    return [_arg(flags), (_JSET, 0, len(refuse), _CREATES), *refuse]


def _refuse_bits(argument: int, bits: int) -> Code:
    return [_arg(argument), (_JSET, 0, 1, bits), _ret(_ERRNO | EPERM)]


def _refuse_values(argument: int, values: tuple[int, ...]) -> Code:
    code = [_arg(argument)]
    for value in values:
        code += [(_JEQ, 0, 1, value), _ret(_ERRNO | EPERM)]
    return code


def _allow_values(argument: int, values: tuple[int, ...], answer: int) -> Code:
    code = [_arg(argument)]
    for value in values:
        code += [(_JEQ, 0, 1, value), _ret(_ALLOW)]
    return [*code, _ret(_ERRNO | answer)]


def _arg(number: int) -> tuple[int, int, int, int]:
    """Load the lower half of an argument; both architectures are little-endian."""
    return (_LOAD, 0, 0, _ARGS + 8 * number)


def _ret(value: int) -> tuple[int, int, int, int]:
    return (_RET, 0, 0, value)


class _Fprog(ctypes.Structure):
    _fields_ = (("len", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def load(filter_: bytes) -> None:
    """Put the filter over this process and all that it starts. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    no_new_privs, set_seccomp, mode_filter = 38, 22, 2
    if libc.prctl(no_new_privs, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl no_new_privs")
    wanted = _Fprog(len(filter_) // 8, filter_)
    if libc.prctl(set_seccomp, mode_filter, ctypes.byref(wanted), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "seccomp filter")
