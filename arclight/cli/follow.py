"""Watching a job until it ends."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from arclight.cli.progress import Progress
from arclight.cli.term import Terminal
from arclight.client import Client
from arclight.client_views import JobView, StreamEvent
from arclight.contracts.names import EventType

_LASTING = (
    EventType.CODE_REJECTED,
    EventType.EXECUTION_FAILED,
    EventType.STEP_REDELIVERED,
    EventType.PROGRAM_DECLINED,
)
"""What the live line does not tell: a setback, and its reason."""
_STYLES = {"stderr": ("yellow",), "engine": ("dim",), "system": ("dim",)}
REDRAW = 0.1
"""Seconds between two drawings of the live line."""


def follow(
    client: Client,
    job: JobView,
    term: Terminal,
    *,
    timeout: float | None = None,
    logs: bool = False,
    since: datetime | None = None,
) -> JobView:
    """The job once it has ended, or waits for an approval. Raises WaitTimeout, and
    KeyboardInterrupt on Ctrl-C. `since`: what happened before that moment is known already."""
    if job.settled:
        return job
    progress = Progress()
    with _drawn(progress, term):
        for event in client.stream(job.id, timeout=timeout):
            if event.type == "log":
                if logs:
                    term.say(log_line(event.data, term))
                continue
            if event.type == "progress":
                progress.tell(event.data)
                continue
            line = progress.take(event.type, event.data)
            if line and not _known(event, since) and (not term.live or event.type in _LASTING):
                term.say(line)
            # A stream replays what is past: only the record tells whether it still waits for this.
            if event.type == EventType.APPROVAL_REQUESTED:
                now = client.get(job.id)
                if now.approval is not None and now.approval.attempt == progress.attempt:
                    return now
    return client.get(job.id)


def _known(event: StreamEvent, since: datetime | None) -> bool:
    return since is not None and datetime.fromisoformat(event.data["at"]) < since


def log_line(data: Mapping[str, Any], term: Terminal) -> str:
    """One line of a log, behind the name of who wrote it."""
    line, stream = str(data.get("line", "")), str(data.get("stream", ""))
    if not stream:
        return line  # From a gateway that does not tell.
    return term.style(f"{stream:<6} | ", "dim") + term.style(line, *_STYLES.get(stream, ()))


@contextmanager
def _drawn(progress: Progress, term: Terminal) -> Iterator[None]:
    """Keeps the live line moving while the stream is silent."""
    if not term.live:
        yield
        return
    began, done = time.monotonic(), threading.Event()

    def draw() -> None:
        while not done.wait(REDRAW):
            term.redraw(progress.line(term, time.monotonic() - began))

    painter = threading.Thread(target=draw, daemon=True)
    painter.start()
    try:
        yield
    finally:
        done.set()
        painter.join()
        term.redraw(progress.line(term, time.monotonic() - began))
        term.settle()
