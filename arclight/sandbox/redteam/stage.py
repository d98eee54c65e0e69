"""What stands around one run: canaries to find, doors to knock on, and what became of them."""

import contextlib
import ctypes
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from arclight.sandbox.limits import Limits
from arclight.sandbox.redteam import checks, machine, needle
from arclight.sandbox.redteam.machine import KernelLog, Machine
from arclight.sandbox.redteam.observation import Looked
from arclight.sandbox.redteam.outside import Bystander, Listeners, Terminal
from arclight.sandbox.redteam.witness import SIGN

SECRET = "ARCLIGHT_CANARY_SECRET"
"""Environment variable that stands for a secret of the service."""
MARK = "arcCanary"
"""With which every canary's value begins, so that a program can search memory for it."""
_MOST_SCANNED = 64 * 1024 * 1024
"""Bytes of a run's folder in which canaries are searched."""


@dataclass(frozen=True)
class House:
    """What all runs of the corpus share."""

    base: Path
    """Folder of ours, outside every cage."""
    ground: Path
    """Folder of the runs' folders."""
    secret: str
    """Value of the secret in our environment."""
    terminal: Terminal

    @classmethod
    def at(cls, base: Path, ground: Path) -> "House":
        base.chmod(0o711)
        secret = os.environ.setdefault(SECRET, f"{MARK}/env+{secrets.token_hex(16)}")
        return cls(base, ground, secret, Terminal())


class Stage:
    """The surroundings of one run. `close` removes every trace of it."""

    def __init__(self, house: House, limits: Limits, *, bystander: bool) -> None:
        self._house = house
        self.token = f"arcp{secrets.token_hex(6)}"
        self.value = f"{MARK}/file+{secrets.token_hex(16)}"
        self.limits = limits
        self.canary_folder = house.base / f"c-{self.token}"
        self.outside = house.base / f"o-{self.token}"
        self._neighbour = house.ground / f"neighbour-{secrets.token_hex(4)}"
        self.canary = self.canary_folder / "canary.txt"
        self._table = self.canary_folder / "output" / "part-0.parquet"
        self._stop = house.base / f"stop-{self.token}"
        self._sysv = secrets.randbits(30)
        self._held = [Path(d, f"held-{self.token[::-1]}") for d in ("/dev/shm", "/tmp")]
        self._build()
        self.listeners = Listeners(self.canary_folder, self.token)
        self.bystander = Bystander({SECRET: house.secret}) if bystander else None
        # Held open, as a service holds its files: nobody may come to it that way either.
        self._open = os.open(self.canary, os.O_RDONLY)
        self._kernel_log = KernelLog()
        self._before = Machine.now()
        self._canary_before = self._state()

    @property
    def canaries(self) -> tuple[tuple[str, str], ...]:
        return (
            ("the canary file's value", self.value),
            ("the secret of the environment", self._house.secret),
        )

    def probe(self, root: Path) -> dict[str, Any]:
        """All that an attacker could find out, for `probe.json`: only values are missing."""
        limits = self.limits
        someone = self.bystander
        where = someone.where if someone else {"buffer": 0, "secret": 0, "size": 0}
        return {
            **self.listeners.names,
            "token": self.token,
            "sign": SIGN,
            "root": str(root),
            "stop": str(self._stop),
            "parent": str(self._house.ground),
            "canary": str(self.canary),
            "canary_folder": str(self.canary_folder),
            "canary_table": str(self._table),
            "handle": _handle(self.canary),
            "secret_name": SECRET,
            "secret_mark": MARK,
            "outside": str(self.outside),
            "home": str(Path.home()),
            "sources": [str(path) for path in machine.sources()],
            "held_shm": str(self._held[0]),
            "held_tmp": str(self._held[1]),
            "lock": str(self._house.ground),
            "sysv_key": self._sysv,
            "terminal": self._house.terminal.path,
            "launcher": os.getpid(),
            "bystander": someone.pid if someone else 1,
            "bystander_buffer": where["buffer"],
            "bystander_secret": where["secret"],
            "bystander_size": where["size"],
            "limits": {
                "wall": limits.wall.total_seconds(),
                "memory": limits.memory,
                "bytes": limits.output,
                "files": limits.files,
                "processes": limits.processes,
                "threads": limits.processes * checks.TASKS,
                "log": limits.log,
            },
        }

    def look(self, root: Path) -> Looked:
        """The run's folder after its end, before it is removed."""
        leaks: list[str] = []
        setid: list[str] = []
        devices: list[str] = []
        left = _MOST_SCANNED
        for folder, _, files in os.walk(root):
            for name in files:
                path = Path(folder, name)
                with contextlib.suppress(OSError):
                    found = path.lstat()
                    shown = str(path.relative_to(root))
                    if found.st_mode & 0o6000:
                        setid.append(shown)
                    if path.is_char_device() or path.is_block_device():
                        devices.append(shown)
                    if path.is_symlink() or not path.is_file() or found.st_nlink > 1:
                        continue
                    left -= found.st_size
                    how = needle.first(self.canaries, name.encode(errors="replace"))
                    if how is None and left > 0:
                        how = needle.first(self.canaries, path.read_bytes())
                    if how is not None:
                        leaks.append(f"{shown} with {how}")
        return Looked(tuple(leaks), tuple(setid), tuple(devices))

    def changes(self) -> tuple[str, ...]:
        """What is different outside the run's folder."""
        found = [str(path) for path in machine.traces(self.token, self._places())]
        own = {str(self.canary_folder), str(self.outside), str(self._stop)}
        found = [path for path in found if path not in own]
        after = self._state()
        found += [
            f"{name} of the canary" for name in after if after[name] != self._canary_before[name]
        ]
        for path in self._held:
            if path.is_symlink() or not path.is_file() or path.read_bytes() != b"held":
                found.append(f"the content of {path}")
        if machine.segment(self._sysv) is not None:
            found.append("a System V segment")
        return tuple(found)

    def host(self) -> tuple[str, ...]:
        """What is different on the machine."""
        found = list(self._before.changes(Machine.now()))
        if machine.keys(self.token):
            found.append("the kernel keeps a key of the run")
        if self._kernel_log.has(self.token):
            found.append("a line in the kernel's log")
        found += [f"a control group {path}" for path in machine.groups(self.token)]
        return tuple(found)

    def stop(self) -> None:
        """Tell those that wait for it to end themselves."""
        self._stop.touch()

    def close(self) -> None:
        self.stop()
        self.listeners.close()
        self._kernel_log.close()
        os.close(self._open)
        if self.bystander is not None:
            self.bystander.close()
        machine.sweep(self.token, self._sysv, self._places())
        for path in (self.canary_folder, self.outside, self._neighbour, *self._held):
            machine.remove(path)
        self._stop.unlink(missing_ok=True)

    def _build(self) -> None:
        self.canary_folder.mkdir(mode=0o755)
        self.outside.mkdir()
        self.outside.chmod(0o777)
        self.canary.write_text(self.value)
        self.canary.chmod(0o644)
        self._table.parent.mkdir(mode=0o755)
        pq.write_table(pa.table({"value": [self.value]}), self._table, compression="none")
        self._table.chmod(0o644)
        for name in ("work", "program", "tmp"):
            (self._neighbour / name).mkdir(parents=True)
            (self._neighbour / name).chmod(0o755)
        for path in self._held:
            path.write_bytes(b"held")
            path.chmod(0o644)

    def _places(self) -> tuple[Path, ...]:
        return machine.places(self.outside, self._house.ground, self._neighbour, Path.home())

    def _state(self) -> dict[str, object]:
        """Everything about the canary that a program could change."""
        names = sorted(os.listdir(self.canary_folder))
        try:
            found = self.canary.stat()
        except OSError:
            return {"the name": names, "content": None, "rights": None, "attributes": None}
        attributes = []
        with contextlib.suppress(OSError):
            attributes = os.listxattr(self.canary)
        return {
            "the name": [n for n in names if n != "socket"],
            "content": self.canary.read_bytes(),
            "rights": (found.st_mode, found.st_mtime, found.st_uid, found.st_nlink),
            "attributes": attributes,
        }


def _handle(path: Path) -> list[Any]:
    """[bytes, type, hexadecimal] of the file's number for `open_by_handle_at`."""

    class Handle(ctypes.Structure):
        _fields_ = (
            ("bytes", ctypes.c_uint),
            ("type", ctypes.c_int),
            ("data", ctypes.c_ubyte * 128),
        )

    handle = Handle(128, 0)
    mount = ctypes.c_int()
    libc = ctypes.CDLL(None, use_errno=True)
    call = getattr(libc, "name_to_handle_at", None)
    if call is None or call(-100, os.fsencode(path), ctypes.byref(handle), ctypes.byref(mount), 0):
        return [0, 0, ""]
    return [handle.bytes, handle.type, bytes(handle.data[: handle.bytes]).hex()]


def write_probe(folder: Path, text: str, probe: dict[str, Any], work: Path) -> None:
    """The program and what it needs to know, where it will run."""
    folder.write_bytes(text.encode())
    folder.chmod(0o644)
    told = work / "probe.json"
    told.write_text(json.dumps(probe))
    told.chmod(0o644)
