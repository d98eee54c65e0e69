"""Ctrl-C, SIGTERM and a closed terminal as one thing: please stop. Twice: now."""

import signal
from types import FrameType, TracebackType
from typing import Any, Self

_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupts:
    """Counts the requests to stop; with `raising`, the first ones raise KeyboardInterrupt."""

    def __init__(self, *, raising: bool = False) -> None:
        self.raising = raising
        self.count = 0
        self._before: dict[signal.Signals, Any] = {}

    def stopping(self) -> bool:
        return self.count > 0

    def hurry(self) -> bool:
        return self.count > 1

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._note) for number in _STOP}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.count += 1
        if self.raising:
            raise KeyboardInterrupt
