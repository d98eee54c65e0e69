"""Ids that sort by time: 12 hex digits of milliseconds, 16 hex digits of randomness."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

JOB_ID = r"^job_[0-9a-f]{28}$"
SOURCE_ID = r"^src_[0-9a-f]{28}$"

_RANDOM_BYTES = 8
"""64 bits within one millisecond: a collision needs billions of jobs in that millisecond."""


@dataclass(frozen=True)
class Ids:
    """Makes ids; `random_hex(n)` returns 2n hex digits."""

    random_hex: Callable[[int], str] = secrets.token_hex

    def job(self, now: datetime) -> str:
        return self._id("job", now)

    def source(self, now: datetime) -> str:
        return self._id("src", now)

    def incident(self) -> str:
        """Joins an answer of status 500 to its line in the log."""
        return self.random_hex(_RANDOM_BYTES)

    def _id(self, prefix: str, now: datetime) -> str:
        milliseconds = int(now.timestamp() * 1000)
        return f"{prefix}_{milliseconds:012x}{self.random_hex(_RANDOM_BYTES)}"
