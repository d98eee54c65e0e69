"""When a delivery is tried again: the schedule of Standard Webhooks."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

S, M, H = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
DELAYS = (0 * S, 5 * S, 5 * M, 30 * M, 2 * H, 5 * H, 10 * H, 14 * H, 20 * H, 24 * H)
"""Before try 1, 2, … 10: about three days in all."""
JITTER = 0.1
"""Up to a tenth later, so that receivers which were down together do not wake together."""
LONGEST = 24 * H
"""A `Retry-After` beyond the longest delay of the schedule is not followed further."""


def next_delay(
    tried: int, retry_after: timedelta | None, random: Callable[[], float]
) -> timedelta | None:
    """The pause after failed try number `tried`; None when the schedule is used up."""
    if tried >= len(DELAYS):
        return None
    planned = DELAYS[tried] * (1 + JITTER * random())
    return max(planned, min(retry_after or 0 * S, LONGEST))


def retry_after(header: str | None, now: datetime) -> timedelta | None:
    """`Retry-After` as seconds or as a date; None when it is missing or says nothing."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:9]), 10**8))
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(moment - now, timedelta(0))
