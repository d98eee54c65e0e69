"""Server-sent events over httpx, taken up again where the connection broke."""

import json
from collections.abc import Callable, Iterable, Iterator

import httpx

from arclight.client_errors import ApiError, Unreachable, WaitTimeout, error_of
from arclight.client_views import StreamEvent

SILENCE = 20.0
"""Seconds without even a ping (one comes every 15) after which the connection is dead."""


def parse(lines: Iterable[str]) -> Iterator[StreamEvent]:
    """The events in a stream's lines; comments, `retry:` and unfinished events are left out."""
    name, data, event_id = "message", list[str](), ""
    for line in lines:
        if not line:
            if data:
                yield StreamEvent(id=event_id, type=name, data=json.loads("\n".join(data)))
            name, data = "message", []
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match field:
            case "event":
                name = value
            case "data":
                data.append(value)
            case "id":
                event_id = value


class EventReader:
    """One reader of one stream; remembers the last id."""

    def __init__(
        self,
        http: httpx.Client,
        url: str,
        after: str | None,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        outage: float,
    ) -> None:
        self._http = http
        self._url = url
        self._last = after
        self._clock = clock
        self._sleep = sleep
        self._outage = outage
        self._heard = clock()
        self._done = False

    def events(self, timeout: float | None) -> Iterator[StreamEvent]:
        """Until the gateway says that there is no more. Raises WaitTimeout, Unreachable or
        ApiError."""
        give_up = None if timeout is None else self._clock() + timeout
        self._heard = self._clock()
        while not self._done:
            left = SILENCE if give_up is None else min(SILENCE, give_up - self._clock())
            if left <= 0:
                raise WaitTimeout(f"The job had not ended after {timeout:g} s.")
            try:
                for event in self._connect(left):
                    yield event
                    if give_up is not None and self._clock() > give_up:
                        break
            except (httpx.TransportError, ApiError) as error:
                self._survive(error)
            self._sleep(0.2)

    def _connect(self, silence: float) -> Iterator[StreamEvent]:
        headers = {"Accept": "text/event-stream"}
        if self._last:
            headers["Last-Event-ID"] = self._last
        timeout = httpx.Timeout(5.0, read=silence)
        with self._http.stream("GET", self._url, headers=headers, timeout=timeout) as response:
            if response.is_error:
                response.read()
                raise error_of(response)
            self._done = response.status_code == httpx.codes.NO_CONTENT
            for event in parse(self._listen(response.iter_lines())):
                self._last = event.id or self._last
                yield event

    def _listen(self, lines: Iterable[str]) -> Iterator[str]:
        for line in lines:
            self._heard = self._clock()
            yield line

    def _survive(self, error: Exception) -> None:
        """Returns when it makes sense to connect again; raises otherwise."""
        if isinstance(error, ApiError) and not error.unavailable:
            raise error
        if self._clock() - self._heard > self._outage:
            raise Unreachable(f"{self._http.base_url} does not answer.") from error
