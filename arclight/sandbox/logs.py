"""What a program prints, on its way to people: bounded, in lines, with nothing that acts."""

import os
import re
import threading
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

from arclight.contracts.names import LogStream

MAX_LINE = 4096
"""Characters of one line. The longest useful message of Spark is about half of this."""
PIECE = 4 * MAX_LINE
"""Bytes of an endless line that are handed on at once."""

_HARMFUL = re.compile(
    # Control characters but tab, C1 controls, line and paragraph separators, bidi controls.
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]"
)


def neutral(text: str) -> str:
    """The text with control characters made visible: `\\x1b[2J` clears no screen."""
    return _HARMFUL.sub(lambda m: f"\\x{ord(m[0]):02x}", text)


class Quota:
    """Bytes that all streams of one run may keep together."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.cut = 0
        self._left = limit
        self._lock = threading.Lock()

    def take(self, size: int) -> bool:
        """True when `size` bytes may be kept; once False, nothing later is kept either."""
        with self._lock:
            if size > self._left:
                self._left = 0
                self.cut += size
                return False
            self._left -= size
            return True

    @property
    def note(self) -> str | None:
        """What to say at the end when something was cut."""
        if not self.cut:
            return None
        return (
            f"[{self.cut:,} bytes of output were cut: a run keeps its first {self.limit:,} bytes]"
        )


class FullLog:
    """One stream's log file, up to a limit of bytes; made at the first line."""

    def __init__(self, path: Path, limit: int) -> None:
        self.path = path
        self.bytes = 0
        self.cut = 0
        """Bytes that did not fit."""
        self._limit = limit
        self._file: IO[bytes] | None = None

    def add(self, text: str) -> None:
        data = f"{text}\n".encode()
        if self.cut or self.bytes + len(data) > self._limit:
            self.cut += len(data)
            return
        try:
            self._file = self._file or self.path.open("wb", buffering=0)
            self._file.write(data)
        except OSError:
            # A full disk must not keep the program's lines from being read.
            self.cut += len(data)
            return
        self.bytes += len(data)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


class StreamReader(threading.Thread):
    """Reads one pipe to its end, then closes it; a program is never blocked by what it prints."""

    def __init__(
        self,
        pipe: IO[bytes],
        log: Callable[[str], None],
        quota: Quota,
        *,
        keep: bool = False,
        full: FullLog | None = None,
    ) -> None:
        super().__init__(name="program-output", daemon=True)
        self._pipe = pipe
        self._log = log
        self._quota = quota
        self._keep = keep
        self._full = full
        self._pending = bytearray()
        self._kept: list[str] = []

    @property
    def text(self) -> str:
        """What was kept, without the last line break, for a stream that is an answer."""
        return "".join(self._kept).removesuffix("\n")

    def switch(
        self, log: Callable[[str], None], quota: Quota, *, keep: bool, full: FullLog | None
    ) -> None:
        """Hand on to somebody else from now on, with a quota of its own."""
        self._log, self._quota, self._keep, self._full = log, quota, keep, full

    def run(self) -> None:
        try:
            while chunk := os.read(self._pipe.fileno(), 65536):
                self._feed(chunk)
            if self._pending:
                self._line(bytes(self._pending).removesuffix(b"\r"))
                self._pending.clear()
        finally:
            self._pipe.close()
            if self._full is not None:
                self._full.close()

    def _feed(self, chunk: bytes) -> None:
        self._pending += chunk
        *lines, rest = re.split(rb"\r\n|\n|\r(?!\Z)", bytes(self._pending))
        for line in lines:
            self._line(line)
        # An endless line is handed on in pieces rather than gathered.
        while len(rest) > PIECE:
            cut = _boundary(rest, PIECE)
            self._line(rest[:cut], end="")
            rest = rest[cut:]
        self._pending = bytearray(rest)

    def _line(self, raw: bytes, end: str = "\n") -> None:
        kept = self._quota.take(len(raw) + len(end))
        if not kept and self._full is None:
            return
        text = neutral(raw.decode("utf-8", errors="backslashreplace"))
        if self._full is not None:
            self._full.add(text)
        if not kept:
            return
        if self._keep:
            self._kept.append(text + end)
        if len(text) > MAX_LINE:
            text = f"{text[:MAX_LINE]} … [{len(text) - MAX_LINE:,} more characters]"
        if text:
            self._log(text)


def _boundary(text: bytes, near: int) -> int:
    """The place at `near` or just before it where a UTF-8 character begins."""
    for place in range(near, near - 4, -1):
        if text[place] & 0xC0 != 0x80:
            return place
    return near


EARLY_LINES = 50
"""Lines of the time before a program came: the last words of an engine that did not start."""


class Output:
    """Both streams of one process tree: gathered until somebody listens, then handed on."""

    def __init__(self, stdout: IO[bytes] | None, stderr: IO[bytes] | None) -> None:
        assert stdout is not None
        assert stderr is not None
        self.early: deque[str] = deque(maxlen=EARLY_LINES)
        nothing_lost = Quota(_UNBOUNDED)
        self._readers = {
            LogStream.STDOUT: StreamReader(stdout, self.early.append, nothing_lost),
            LogStream.STDERR: StreamReader(stderr, self.early.append, nothing_lost),
        }
        for reader in self._readers.values():
            reader.start()

    def pass_to(
        self, log: Callable[[str, LogStream], None], quota: Quota, full: Mapping[LogStream, FullLog]
    ) -> None:
        """Hand on every line from now on; whole lines also go to the full logs."""
        for stream, reader in self._readers.items():
            reader.switch(
                lambda line, s=stream: log(line, s),  # type: ignore[misc]
                quota,
                keep=stream is LogStream.STDOUT,
                full=full.get(stream),
            )

    @property
    def text(self) -> str:
        """What standard output said since somebody listens."""
        return self._readers[LogStream.STDOUT].text

    def join(self, seconds: float) -> None:
        """Wait for the end of both streams; a process that escaped may still hold one open."""
        for reader in self._readers.values():
            reader.join(seconds)


_UNBOUNDED = 1 << 62
"""Nothing is counted before a program runs: only the last lines are kept anyway."""
