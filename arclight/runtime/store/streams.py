"""A job's two streams read as one: a cursor covers both, so that a reader resumes in both."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

from arclight.contracts.events import Event
from arclight.runtime.store.port import LogLine, StreamItem


@dataclass(frozen=True)
class Cursor:
    """Stream ids after which reading goes on."""

    events: str = "0-0"
    log: str = "0-0"

    def __str__(self) -> str:
        return f"{self.events.removesuffix('-0')}:{self.log}"

    @classmethod
    def parse(cls, text: str | None) -> Self:
        """Reads what `str` wrote; anything else begins at the start. Raises nothing."""
        events, _, log = (text or "").partition(":")
        milliseconds, _, seq = log.partition("-")
        if not (events.isdecimal() and milliseconds.isdecimal() and seq.isdecimal()):
            return cls()
        return cls(events=f"{events}-0", log=log)


def merge(
    cursor: Cursor, events: Sequence[tuple[str, Event]], lines: Sequence[tuple[str, LogLine]]
) -> Iterator[StreamItem]:
    """Both lists in order of time; each item's id is the cursor behind it."""
    pending = list(lines)
    for event_id, event in events:
        moment = event.at.timestamp() * 1000
        while pending and float(pending[0][0].partition("-")[0]) < moment:
            cursor, item = _line(cursor, *pending.pop(0))
            yield item
        cursor = replace(cursor, events=event_id)
        yield StreamItem(id=str(cursor), event=event)
    for line in pending:
        cursor, item = _line(cursor, *line)
        yield item


def _line(cursor: Cursor, line_id: str, line: LogLine) -> tuple[Cursor, StreamItem]:
    cursor = replace(cursor, log=line_id)
    return cursor, StreamItem(id=str(cursor), log=line)
