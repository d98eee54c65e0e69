"""Opaque page tokens over time-ordered job ids."""

import base64
import binascii
import re
from datetime import datetime

from arclight.contracts.job import RETENTION
from arclight.runtime.store.port import BadPageToken

_ID = re.compile(r"job_[0-9a-f]{28}")


def encode_token(job_id: str) -> str:
    """The token that continues after `job_id`."""
    return base64.urlsafe_b64encode(job_id.encode()).decode().rstrip("=")


def decode_token(token: str) -> str:
    """The id inside. Raises BadPageToken."""
    try:
        text = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        job_id = text.decode("ascii")
    except (binascii.Error, ValueError) as error:
        raise BadPageToken(token) from error
    if not _ID.fullmatch(job_id):
        raise BadPageToken(token)
    return job_id


def certainly_kept(now: datetime) -> str:
    """The smallest id whose record cannot have expired. An older one may be there all the same: a
    record is kept for its retention after the job's end, and an approval may be waited for long."""
    moment = now - RETENTION
    return f"job_{int(moment.timestamp() * 1000):012x}"
