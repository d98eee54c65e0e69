"""Standard error as people see it: colours where wanted, one line that is redrawn in place."""

import os
import sys
import threading
from collections.abc import Mapping
from typing import TextIO

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
_CLEAR = "\r\x1b[2K"
_UP = "\x1b[1A"
_WIDTH = 80
"""Columns where the terminal does not say."""


class Terminal:
    """Writes to standard error; thread-safe."""

    def __init__(
        self, stream: TextIO | None = None, environ: Mapping[str, str] = os.environ
    ) -> None:
        self._stream = stream or sys.stderr
        capable = self._stream.isatty() and environ.get("TERM") != "dumb"
        self.live = capable
        """True when lines can be redrawn."""
        self._coloured = capable and not environ.get("NO_COLOR")
        self._shown = 0
        self._lock = threading.RLock()
        encoding = (getattr(self._stream, "encoding", None) or "ascii").lower()
        self._plain_signs = "utf" not in encoding

    def style(self, text: str, *names: str) -> str:
        """`text` in colour, where colours are wanted."""
        if not self._coloured or not names:
            return text
        return f"\x1b[{';'.join(_CODES[n] for n in names)}m{text}\x1b[0m"

    def sign(self, fancy: str, plain: str) -> str:
        """A sign that the terminal can show."""
        return plain if self._plain_signs else fancy

    def say(self, text: str = "") -> None:
        """A lasting line, above what is redrawn."""
        with self._lock:
            self._erase()
            self._stream.write(text + "\n")
            self._stream.flush()

    def redraw(self, *lines: str) -> None:
        """Show these lines in place of those that were redrawn last. Nothing on a plain stream."""
        if not self.live:
            return
        with self._lock:
            self._erase()
            width = _width()
            self._stream.write("\n".join(_cut(line, width) for line in lines))
            self._stream.flush()
            self._shown = len(lines)

    def settle(self) -> None:
        """Leave the redrawn lines where they are."""
        with self._lock:
            if self._shown:
                self._stream.write("\n")
                self._stream.flush()
            self._shown = 0

    def _erase(self) -> None:
        for number in range(self._shown):
            self._stream.write(_CLEAR + (_UP if number < self._shown - 1 else ""))
        self._shown = 0


def _width() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or _WIDTH
    except (OSError, ValueError):
        return _WIDTH


def _cut(line: str, width: int) -> str:
    """A line that wraps cannot be redrawn; colour codes take no room."""
    room, out, i = width - 1, [], 0
    while i < len(line):
        if line[i] == "\x1b":
            end = line.index("m", i) + 1
            out.append(line[i:end])
            i = end
            continue
        if room > 0:
            out.append(line[i])
        room -= 1
        i += 1
    return "".join(out)
