"""What can go wrong between a client and a gateway.

ClientError
├── ApiError       the gateway answered with a problem
├── Unreachable    nobody answered
└── WaitTimeout    the job had not ended in time
"""

from collections.abc import Sequence

import httpx

from arclight.contracts.failure import ArclightError


class ClientError(ArclightError):
    """Base; `str()` is the human sentence."""


class Unreachable(ClientError):
    """Nothing answers at the address."""


class WaitTimeout(ClientError):
    """The wait is over; the job goes on."""


class ApiError(ClientError):
    """An RFC 9457 problem: what happened, and in `hint` what to do."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        hint: str = "",
        places: Sequence[str] = (),
        job_id: str = "",
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.hint = hint
        self.places = tuple(places)
        """What is wrong where, one line each."""
        self.job_id = job_id
        """The job that it is about, if any."""

    @property
    def unavailable(self) -> bool:
        """True when asking again later makes sense."""
        return self.status in (429, 502, 503, 504)


def error_of(response: httpx.Response) -> ApiError:
    """The problem in `response`, whose body has been read."""
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict) or "detail" not in body:
        return ApiError(
            response.status_code,
            "UNEXPECTED_ANSWER",
            f"{response.url} answered {response.status_code} without an explanation.",
            "Check that the address is that of an Arclight gateway.",
        )
    places = [f"{e.get('pointer', '')}: {e.get('detail', '')}" for e in body.get("errors", ())]
    return ApiError(
        response.status_code,
        str(body.get("code", "UNKNOWN")),
        str(body["detail"]),
        str(body.get("hint", "")),
        places,
        str(body.get("job_id", "")),
    )
