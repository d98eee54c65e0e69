"""Where the things lie that every program needs: the system, Python, and our `inside` folder."""

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import arclight

_LINKS = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_ETC = ("ld.so.cache", "localtime", "alternatives")
"""Parts of /etc that are the same for everybody and that programs look at."""
ACCOUNTS = ("passwd", "group", "hosts", "nsswitch.conf")
"""Parts of /etc that a cage with a file system of its own gets in a small form."""
PUBLIC = (
    "mime.types",
    "services",
    "protocols",
    "host.conf",
    "gai.conf",
    "resolv.conf",
    "ssl/openssl.cnf",
    "ssl/certs",
    "ca-certificates",
    "os-release",
    "debian_version",
    "fonts",
    "magic",
    "inputrc",
    "profile",
    "bash.bashrc",
    "crypto-policies",
    "pki/tls",
)
"""Parts of /etc without a secret. Libraries take a file that is not there for an answer, and one
that is there and cannot be read for an error: Ray's agent dies of an unreadable mime.types."""
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
KERNEL = ("/sys/devices/system", "/sys/fs/cgroup", "/sys/kernel/mm/transparent_hugepage")
"""What Java and Ray read to size themselves, where /sys can be seen at all."""

INSIDE = Path(__file__).resolve().parents[1] / "inside"


def system() -> list[Path]:
    """/usr and what stands beside it: links on a merged system, folders on an older one."""
    return [path for path in map(Path, ("/usr", *_LINKS)) if os.path.lexists(path)]


def etc() -> list[Path]:
    """Also the configuration of the distribution's own Java, which its home links to."""
    java = sorted(Path("/etc").glob("java*"))
    return [path for path in (*(Path("/etc", name) for name in _ETC), *java) if path.exists()]


def python() -> list[Path]:
    """The environment, the interpreter below it, and package folders elsewhere.

    Never the folder of an editable install: the program has no use for our source text.
    """
    folders = [sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix]
    folders += [p for p in sys.path if os.path.basename(p) in ("site-packages", "dist-packages")]
    found = [*dict.fromkeys(Path(f).absolute() for f in folders if os.path.isdir(f))]
    found += [link for folder in found if (link := folder.resolve()) != folder]
    found += _hops(Path(sys.executable).absolute())
    return outermost(path for path in found if path != Path("/"))


def interpreter() -> str:
    """The interpreter itself, past all links."""
    return os.path.realpath(sys.executable)


def hidden() -> list[Path]:
    """Our own packages: only their `inside` folders are for programs."""
    package = Path(arclight.__file__).resolve().parent
    return [path for path in (package, package.parent / "services") if path.is_dir()]


def outermost(paths: Iterable[Path]) -> list[Path]:
    """Without those that lie below another, or below the system's own."""
    found: list[Path] = []
    for path in sorted(set(paths), key=lambda path: len(path.parts)):
        if not any(path.is_relative_to(above) for above in (*found, *system())):
            found.append(path)
    return found


def within(path: Path, trees: Iterable[Path]) -> bool:
    """True when one of the trees holds the path."""
    return any(path.is_relative_to(tree) for tree in trees)


def without(tree: Path, holes: Iterable[Path]) -> Iterator[Path]:
    """The parts of a tree that lie beside the holes in it."""
    inner = [hole for hole in holes if hole.is_relative_to(tree)]
    if not inner:
        yield tree
    elif tree not in inner:
        for child in sorted(tree.iterdir()):
            yield from without(child, inner)


def _hops(link: Path) -> Iterator[Path]:
    """Each file on the way from a link to the interpreter."""
    for _ in range(10):
        yield link
        if not link.is_symlink():
            return
        link = Path(os.path.normpath(link.parent / os.readlink(link)))
