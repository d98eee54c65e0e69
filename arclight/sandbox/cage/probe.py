"""The self-test: a hostile program in the real cage, judged from outside.

What is kept from it lies open to everybody on this machine, so that only the cage can hold it back.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from arclight.sandbox.cage.grants import ports
from arclight.sandbox.cage.policy import Policy
from arclight.sandbox.cage.tier import Cage

PATIENCE = timedelta(seconds=10)
"""For all of the probe; it takes a tenth of a second on an idle machine."""

ALWAYS = ("files", "environment", "tcp", "udp", "write", "sysctl", "daemon", "descriptors")
"""What must hold at every tier that counts as a cage."""

PROGRAM = r"""
import fcntl, hashlib, json, os, socket, sys, time
told = json.loads(sys.argv[1])
got = {}

def attempt(name, what):
    try:
        found = what()
    except Exception as error:
        got[name] = ""
    else:
        got[name] = "" if found is None else str(found)

def files():
    return open(told["canary"]).read()

def environment():
    for pid in os.listdir("/proc"):
        if pid.isdigit():
            try:
                text = open(f"/proc/{pid}/environ", "rb").read()
            except OSError:
                continue
            if text and hashlib.sha256(text).hexdigest() == told["environ"]:
                return f"the environment of process {pid}"

def tcp():
    socket.create_connection(("127.0.0.1", told["tcp"]), 0.5).close()
    return f"port {told['tcp']}"

def udp():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.sendto(b"canary", ("127.0.0.1", told["udp"]))

def abstract():
    with socket.socket(socket.AF_UNIX) as out:
        out.connect("\0" + told["abstract"])
    return "an abstract socket"

def write():
    open(os.path.join(told["outside"], "written"), "w").close()
    return told["outside"]

def sysctl():
    os.close(os.open("/proc/sys/kernel/core_pattern", os.O_WRONLY))
    return "/proc/sys"

def signals():
    os.kill(told["pid"], 0)
    with open(f"/proc/{told['pid']}/cmdline", "rb") as f:
        if hashlib.sha256(f.read()).hexdigest() == told["cmdline"]:
            return f"process {told['pid']}"

def descriptors():
    open_ = {int(name) for name in os.listdir("/proc/self/fd")}
    more = [n for n in open_ - {0, 1, 2, 3} if os.path.exists(f"/proc/self/fd/{n}")]
    return more or None

def daemon():
    ready, told_ = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            held = os.open(told["lock"], os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(held, fcntl.LOCK_EX)
            os.write(told_, b"1")
            for fd in (0, 1, 2, 3, told_):
                try:
                    os.close(fd)
                except OSError:
                    pass
            time.sleep(60)
        os._exit(0)
    os.wait()
    os.read(ready, 1)

for name in ("files", "environment", "tcp", "udp", "abstract", "write", "sysctl", "signals",
             "descriptors", "daemon"):
    attempt(name, globals()[name])
status = dict(line.split(":", 1) for line in open("/proc/self/status") if ":" in line)
got["seccomp"] = "" if status["Seccomp"].strip() == "2" else "no filter"
got["capabilities"] = "" if int(status["CapBnd"], 16) & int(status["CapEff"], 16) == 0 else "some"
got["user"] = status["Uid"].split()[0]
open(os.path.join(told["work"], "own"), "w").close()
print(json.dumps(got))
"""


@dataclass(frozen=True)
class Verdict:
    """What came of the self-test."""

    leaks: dict[str, str] = field(default_factory=dict)
    """Layer → what got through."""
    error: str = ""
    """Why the probe did not run to its end; empty when it did."""
    seconds: float = 0.0

    def failed(self, cage: Cage) -> str:
        """Why this cage cannot be granted; empty when it can."""
        if self.error:
            return self.error
        wanted = (*ALWAYS, *(("seccomp",) if cage.seccomp else ()))
        broken = [f"{name}: {self.leaks[name]}" for name in wanted if self.leaks[name]]
        return f"the self-test got out ({'; '.join(broken)})" if broken else ""


def prove(cage: Cage, *, parent: Path | None = None) -> Verdict:
    """Run the probe in this cage. `parent` is where its folders are made, /tmp by default."""
    with contextlib.ExitStack() as stack:
        inner = stack.enter_context(_folder("arc-probe-", parent, 0o700))
        outside = stack.enter_context(_folder("arc-canary-", parent, 0o777))
        canary = _Canary(stack, outside)
        for name in ("program", "in", "work", "home", "tmp"):
            (inner / name).mkdir()
        exit_, said = _run(cage, inner, canary.told(inner))
        if exit_.code != 0:
            return Verdict(error=f"the self-test did not run: {said or exit_.reason}")
        try:
            got = {str(k): str(v) for k, v in json.loads(exit_.stdout).items()}
        except (ValueError, AttributeError):
            return Verdict(error="the self-test did not say what it found")
        got["daemon"] = "it lives on" if _locked(inner / "work" / "lock") else ""
        return Verdict(leaks=got | canary.seen(), seconds=exit_.seconds)


def _run(cage: Cage, folder: Path, told: dict[str, Any]) -> tuple[Any, str]:
    # The launcher enters cages, so it imports this package.
    from arclight.sandbox.launch import LaunchSpec, run
    from arclight.sandbox.limits import Limits

    spec = LaunchSpec(
        run=f"self-test:{folder.name}",
        argv=[sys.executable, "-I", "-S", "-c", PROGRAM, json.dumps(told)],
        env={},
        scratch=folder,
        cwd=folder / "work",
        limits=Limits(wall=PATIENCE),
        cage=cage,
        policy=Policy(folder),
    )
    lines: list[str] = []
    exit_ = run(spec, log=lines.append, cancelled=threading.Event())
    return exit_, lines[-1] if lines else ""


class _Canary:
    """Things outside that anybody may reach who is not in a cage."""

    def __init__(self, stack: contextlib.ExitStack, folder: Path) -> None:
        self._outside = folder
        self._file = folder / "canary"
        self._file.write_text(secrets.token_hex(8))
        self._file.chmod(0o644)
        self._tcp = stack.enter_context(socket.socket())
        self._udp = stack.enter_context(socket.socket(type=socket.SOCK_DGRAM))
        self._abstract = stack.enter_context(socket.socket(socket.AF_UNIX))
        self._name = f"arc-canary-{secrets.token_hex(8)}"
        for listener in (self._tcp, self._udp):
            _bind(listener)
        if sys.platform == "linux":
            self._abstract.bind("\0" + self._name)
            self._abstract.listen()
        self._tcp.listen()
        for listener in (self._tcp, self._udp, self._abstract):
            listener.setblocking(False)

    def told(self, inner: Path) -> dict[str, Any]:
        """What the probe is told, so that it need not search."""
        return {
            "canary": str(self._file),
            "outside": str(self._outside),
            "environ": _digest("/proc/self/environ"),
            "cmdline": _digest("/proc/self/cmdline"),
            "pid": os.getpid(),
            "tcp": self._tcp.getsockname()[1],
            "udp": self._udp.getsockname()[1],
            "abstract": self._name,
            "work": str(inner / "work"),
            "lock": str(inner / "work" / "lock"),
        }

    def seen(self) -> dict[str, str]:
        """What reached this side, whatever the probe says."""
        found = {}
        with contextlib.suppress(OSError):
            self._udp.recv(16)
            found["udp"] = "a datagram arrived"
        with contextlib.suppress(OSError):
            self._tcp.accept()[0].close()
            found["tcp"] = "a connection arrived"
        if (self._outside / "written").exists():
            found["write"] = str(self._outside)
        return found


def _bind(listener: socket.socket) -> None:
    """To a port outside the range that programs may use among themselves."""
    first, last = ports()
    while True:
        port = 1024 + secrets.randbelow(64_000)
        if first <= port <= last:
            continue
        with contextlib.suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return


@contextlib.contextmanager
def _folder(prefix: str, parent: Path | None, mode: int) -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix=prefix, dir=parent)).resolve()
    path.chmod(mode)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _locked(path: Path) -> bool:
    """True while somebody holds the lock; made by the probe, so it must be there."""
    try:
        fd = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    except OSError:
        return True
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(fd)
    return False


def _digest(path: str) -> str:
    with contextlib.suppress(OSError), open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()
    return ""
