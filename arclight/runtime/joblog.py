"""A run's log on its way into the job's stream: collected by threads, flushed by the loop."""

import threading

from arclight.runtime.store.port import JobStore


class JobLog:
    """Keeps at most `limit` bytes; what is cut is counted and said, never silently dropped."""

    def __init__(self, store: JobStore, job_id: str, limit: int) -> None:
        self._store = store
        self._job_id = job_id
        self._left = limit
        self._cut = 0
        self._lines: list[str] = []
        self._lock = threading.Lock()

    def add(self, line: str) -> None:
        """Thread-safe."""
        with self._lock:
            size = len(line) + 1
            if size > self._left:
                self._left = 0
                self._cut += 1
                return
            self._left -= size
            self._lines.append(line)

    async def flush(self) -> None:
        """Send what has gathered. Lines stay when the store is out of reach."""
        with self._lock:
            taken, cut = len(self._lines), self._cut
            lines = self._lines[:taken]
        if cut:
            lines.append(f"[{cut} more lines were cut: the log limit is reached]")
        if not lines:
            return
        await self._store.log(self._job_id, lines)
        with self._lock:
            del self._lines[:taken]
            self._cut -= cut
