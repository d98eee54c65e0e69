"""What people watch of a run, on its way into the store: collected by threads, sent by the loop."""

import threading

from arclight.contracts.names import LogStream
from arclight.contracts.progress import Progress
from arclight.runtime.store.port import Claim, JobStore, LogLine


class JobLog:
    """Keeps at most `limit` bytes; what is cut is counted and said, never silently dropped.

    An engine's own lines may take half of it at most: they must not crowd out the program's.
    """

    def __init__(self, store: JobStore, job_id: str, limit: int) -> None:
        self._store = store
        self._job_id = job_id
        self._left = limit
        self._left_to_engine = limit // 2
        self._cut = 0
        self._lines: list[LogLine] = []
        self._lock = threading.Lock()

    def add(self, line: str, stream: LogStream = LogStream.SYSTEM) -> None:
        """Thread-safe."""
        with self._lock:
            if self._fits(len(line.encode("utf-8", "replace")) + 1, stream):
                self._lines.append(LogLine(line, stream))
            else:
                self._cut += 1

    def _fits(self, size: int, stream: LogStream) -> bool:
        """Take the room, if there is some. What was too long closes the log, so that no later
        line seems to follow the one before."""
        if stream is LogStream.ENGINE:
            if size > self._left_to_engine:
                self._left_to_engine = 0
                return False
            self._left_to_engine -= size
        if size > self._left:
            self._left = 0
            return False
        self._left -= size
        return True

    async def flush(self) -> None:
        """Send what has gathered. Lines stay when the store is out of reach."""
        with self._lock:
            taken, cut = len(self._lines), self._cut
            lines = self._lines[:taken]
        if cut:
            lines.append(LogLine(f"[{cut} more lines were cut: the log limit is reached]"))
        if not lines:
            return
        await self._store.log(self._job_id, lines)
        with self._lock:
            del self._lines[:taken]
            self._cut -= cut


class JobProgress:
    """The newest snapshot; those between two flushes are dropped."""

    def __init__(self, store: JobStore, claim: Claim) -> None:
        self._store = store
        self._claim = claim
        self._newest: Progress | None = None
        self._sent: Progress | None = None

    def set(self, progress: Progress) -> None:
        """Thread-safe: one assignment."""
        self._newest = progress

    async def flush(self) -> None:
        """Send the newest snapshot, if it is not known yet."""
        newest = self._newest
        if newest is not None and newest != self._sent:
            await self._store.progress(self._claim, newest)
            self._sent = newest
