"""The typed HTTP client: submit, upload, wait, stream, results.

with Client("http://127.0.0.1:8484", api_key="arc_…") as client:
    source = client.upload(Path("birdstrikes.csv"))
    job = client.submit("total repair cost by wildlife size", sources=[source.id])
    print(client.wait(job.id).result)
"""

import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self, TypeVar

import httpx

from arclight.client_errors import ApiError, ClientError, Unreachable, WaitTimeout, error_of
from arclight.client_sse import EventReader
from arclight.client_views import (
    AttemptView,
    JobPage,
    JobView,
    ResultPage,
    SourceView,
    StreamEvent,
    View,
)
from arclight.contracts.names import EventType

__all__ = ["ApiError", "Client", "ClientError", "JobView", "Unreachable", "WaitTimeout"]

LONG_POLL = 20
"""Seconds that one question waits at the gateway, whose cap is 30."""
READ_TIMEOUT = 40.0
"""Seconds. Above the long poll, and above the 15 s between two pings of a stream."""
OUTAGE = 60.0
"""Seconds of a silent gateway that waiting survives: a restart takes a few."""
_SUBMIT_TRIES = 3

V = TypeVar("V", bound=View)
Sleep = Callable[[float], None]


class Client:
    """One gateway and one API key. Raises ClientError and its kinds only."""

    def __init__(
        self,
        url: str,
        api_key: str = "",
        *,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Sleep = time.sleep,
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        self.url = url.rstrip("/")
        self._clock = clock
        self._sleep = sleep
        self._new_id = new_id
        self._http = httpx.Client(
            base_url=self.url,
            headers={"Authorization": f"Bearer {api_key}"} if api_key else {},
            timeout=httpx.Timeout(READ_TIMEOUT, connect=5.0),
            transport=transport,
            # A proxy from the environment must not get in between this machine and itself.
            trust_env=httpx.URL(self.url).host not in ("127.0.0.1", "localhost", "::1"),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def upload(self, path: Path) -> SourceView:
        """Send a file; its `id` is what jobs name it by."""
        with path.open("rb") as f:
            files = {"file": (path.name, f, "application/octet-stream")}
            return self._get(SourceView, "POST", "/v1/sources", files=files, timeout=None)

    def submit(
        self,
        prompt: str = "",
        *,
        sources: Sequence[str] = (),
        framework: str = "auto",
        program: str | None = None,
        follows: str | None = None,
        repair: bool = False,
        rehearse: bool = False,
        **more: Any,
    ) -> JobView:
        """Submit a job. `follows`: the id of the job that the prompt continues. `repair`: change
        the `program` when it fails. `rehearse`: run on empty tables first. `more` are further
        fields of the API, such as `timeout` in seconds."""
        body = {
            "prompt": prompt,
            "sources": [{"kind": "upload", "id": s} for s in sources],
            "framework": framework,
            **({"program": program} if program else {}),
            **({"follows": follows} if follows else {}),
            **({"repair": True} if repair else {}),
            **({"rehearse": True} if rehearse else {}),
            **more,
        }
        return self._once(self._new_id(), "/v1/jobs", json=body)

    def get(self, job_id: str) -> JobView:
        return self._get(JobView, "GET", f"/v1/jobs/{job_id}")

    def jobs(
        self, *, page_size: int = 50, page_token: str | None = None, state: str | None = None
    ) -> JobPage:
        """One page, newest first."""
        given = {"page_size": page_size, "page_token": page_token, "state": state}
        params = {k: v for k, v in given.items() if v is not None}
        return self._get(JobPage, "GET", "/v1/jobs", params=params)

    def wait(self, job_id: str, timeout: float | None = None) -> JobView:
        """The job once it has ended, or waits for an approval, which only a person can give.
        Raises WaitTimeout after `timeout` seconds."""
        give_up = None if timeout is None else self._clock() + timeout
        job = self.get(job_id)
        while not job.settled:
            left = LONG_POLL if give_up is None else give_up - self._clock()
            if left <= 0:
                raise WaitTimeout(f"Job {job_id} is {job.state} after {timeout:g} s.")
            job = self._patiently(job, left)
        return job

    def stream(
        self, job_id: str, after: str | None = None, timeout: float | None = None
    ) -> Iterator[StreamEvent]:
        """Events and log lines, from `after` on, until the job has ended; lost connections are
        taken up where they broke. Raises WaitTimeout."""
        reader = EventReader(
            self._http, f"/v1/jobs/{job_id}/events", after, self._clock, self._sleep, OUTAGE
        )
        for event in reader.events(timeout):
            yield event
            if event.type == EventType.JOB_FINISHED:
                return

    def attempt(self, job_id: str, number: int) -> AttemptView:
        """One attempt with its program, diff and findings."""
        return self._get(AttemptView, "GET", f"/v1/jobs/{job_id}/attempts/{number}")

    def code(self, job_id: str, attempt: int | None = None) -> str:
        """The program's text: of this attempt, or the newest."""
        params = {"attempt": attempt} if attempt else {}
        return self._send("GET", f"/v1/jobs/{job_id}/code", params=params).text

    def logs(self, job_id: str, streams: Sequence[str] = ()) -> str:
        """What the steps and programs wrote so far; only these streams, if some are named."""
        params = {"stream": list(streams)} if streams else {}
        return self._send("GET", f"/v1/jobs/{job_id}/logs", params=params).text

    def attempt_log(self, job_id: str, number: int, stream: str = "stdout") -> str:
        """The full log of one stream of an attempt's newest run that kept one."""
        url = f"/v1/jobs/{job_id}/attempts/{number}/logs"
        return self._send("GET", url, params={"stream": stream}).text

    def result_pages(self, job_id: str, page_size: int = 1000) -> Iterator[ResultPage]:
        """The whole answer, page by page."""
        params: dict[str, Any] = {"page_size": page_size}
        while True:
            page = self._get(ResultPage, "GET", f"/v1/jobs/{job_id}/result", params=params)
            yield page
            if page.next_page_token is None:
                return
            params["page_token"] = page.next_page_token

    @contextmanager
    def download(
        self, job_id: str, format: str, *, safe: bool = False
    ) -> Iterator[Iterator[bytes]]:
        """The whole answer as `csv`, `parquet` or, where it is a text, `text`; in pieces. `safe`
        makes CSV harmless for spreadsheets."""
        url = f"/v1/jobs/{job_id}/result"
        params = {"format": format, **({"safe": "true"} if safe else {})}
        with self._speaking(), self._http.stream("GET", url, params=params) as response:
            if response.is_error:
                response.read()
                raise error_of(response)
            yield response.iter_bytes()

    def cancel(self, job_id: str) -> JobView:
        return self._get(JobView, "POST", f"/v1/jobs/{job_id}/cancel")

    def approve(
        self, job_id: str, attempt: int, *, program: str | None = None, comment: str = ""
    ) -> JobView:
        """Let the program of `attempt` run, or `program` in its place, which is checked first."""
        own = {} if program is None else {"program": program}  # An empty one is no approval.
        body = {"attempt": attempt, "comment": comment, **own}
        return self._get(JobView, "POST", f"/v1/jobs/{job_id}/approve", json=body)

    def decline(self, job_id: str, attempt: int, comment: str) -> JobView:
        """Have another program made instead of that of `attempt`, with the comment in mind."""
        body = {"attempt": attempt, "comment": comment}
        return self._get(JobView, "POST", f"/v1/jobs/{job_id}/decline", json=body)

    def retry(self, job_id: str) -> JobView:
        """A new job from the same request."""
        return self._once(self._new_id(), f"/v1/jobs/{job_id}/retry")

    def _changed(self, known: JobView, left: float) -> JobView:
        url, wait = f"/v1/jobs/{known.id}", round(min(left, LONG_POLL), 3)
        known_tag = {"If-None-Match": f'"v{known.version}"'}
        response = self._send("GET", url, params={"wait": wait}, headers=known_tag)
        return (
            known if response.status_code == httpx.codes.NOT_MODIFIED else _read(JobView, response)
        )

    def _once(self, key: str, url: str, **more: Any) -> JobView:
        """POST that may be repeated: the key makes the repetition the same job."""
        headers = {"Idempotency-Key": key}
        for number in range(1, _SUBMIT_TRIES):
            try:
                return self._get(JobView, "POST", url, headers=headers, **more)
            except ClientError as error:
                if not _passing(error):
                    raise
                self._sleep(0.5 * number)
        return self._get(JobView, "POST", url, headers=headers, **more)

    def _patiently(self, known: JobView, left: float) -> JobView:
        """Ask for a change, again and again through an outage of the gateway."""
        silent_since = self._clock()
        while True:
            try:
                return self._changed(known, left)
            except ClientError as error:
                if not _passing(error) or self._clock() - silent_since > OUTAGE:
                    raise
                self._sleep(1.0)

    def _get(self, view: type[V], method: str, url: str, **more: Any) -> V:
        return _read(view, self._send(method, url, **more))

    def _send(self, method: str, url: str, **more: Any) -> httpx.Response:
        with self._speaking():
            response = self._http.request(method, url, **more)
        if response.is_error:
            raise error_of(response)
        return response

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        try:
            yield
        except httpx.TransportError as error:
            raise Unreachable(f"{self.url} does not answer ({_why(error)}).") from error


def _read(view: type[V], response: httpx.Response) -> V:
    try:
        body: Mapping[str, Any] = response.json()
        return view.model_validate(body)
    except ValueError as error:
        raise ApiError(
            response.status_code,
            "UNEXPECTED_ANSWER",
            f"{response.url} did not answer as an Arclight gateway does.",
            "Check the address, and that client and gateway are of similar versions.",
        ) from error


def _passing(error: ClientError) -> bool:
    return isinstance(error, Unreachable) or (isinstance(error, ApiError) and error.unavailable)


def _why(error: httpx.TransportError) -> str:
    said = str(error).partition("] ")
    return (said[2] or said[0]).lower() or type(error).__name__
