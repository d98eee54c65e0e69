"""The client when the network is not kind: cut streams, lost answers, strange answers."""

import json
from collections.abc import Callable, Iterator

import httpx
import pytest

from arclight.client import ApiError, Client, Unreachable, WaitTimeout
from tests.conftest import FakeClock

JOB = "job_" + "a" * 28


def job(state: str = "running", version: int = 3) -> dict[str, object]:
    moment = "2026-01-01T00:00:00Z"
    times = {"created_at": moment, "updated_at": moment}
    return {"id": JOB, "state": state, "version": version, "framework": "ray", **times}


def event(event_id: str, kind: str) -> str:
    return f"id: {event_id}\nevent: {kind}\ndata: {json.dumps({'n': event_id})}\n\n"


class Gateway:
    """Plays back answers, one per request, and notes the requests; an exception is raised."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.requests: list[httpx.Request] = []
        self._answers = iter(answers)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        return answer


class CutStream(httpx.SyncByteStream):
    """Some text, then a broken connection."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __iter__(self) -> Iterator[bytes]:
        yield self._text.encode()
        raise httpx.ReadError("connection reset")


Connect = Callable[[Gateway], Client]


@pytest.fixture
def connect(clock: FakeClock) -> Connect:
    """A client whose sleeps turn the clock."""

    def make(gateway: Gateway) -> Client:
        transport = httpx.MockTransport(gateway)
        sleep = clock.forward
        return Client("http://gateway", "k", transport=transport, clock=clock, sleep=sleep)

    return make


def test_a_cut_stream_is_taken_up_after_its_last_event(connect: Connect) -> None:
    gateway = Gateway(
        httpx.Response(200, stream=CutStream("retry: 3000\n\n" + event("1", "step.claimed"))),
        httpx.Response(200, text=": ping\n\n" + event("2", "log") + event("3", "job.finished")),
    )

    with connect(gateway) as client:
        events = list(client.stream(JOB))

    assert [(e.id, e.type) for e in events] == [
        ("1", "step.claimed"), ("2", "log"), ("3", "job.finished")
    ]  # fmt: skip
    assert "last-event-id" not in gateway.requests[0].headers
    assert gateway.requests[1].headers["last-event-id"] == "1"


def test_a_stream_that_has_nothing_more_ends(connect: Connect) -> None:
    with connect(Gateway(httpx.Response(204))) as client:
        assert list(client.stream(JOB, after="9")) == []


def test_a_gateway_that_stays_away_ends_a_stream(connect: Connect) -> None:
    gateway = Gateway(*[httpx.ConnectError("refused")] * 1000)

    with connect(gateway) as client, pytest.raises(Unreachable):
        list(client.stream(JOB))


def test_a_stream_ends_in_time(connect: Connect) -> None:
    gateway = Gateway(*[httpx.Response(200, text=": ping\n\n") for _ in range(100)])

    with connect(gateway) as client, pytest.raises(WaitTimeout):
        list(client.stream(JOB, timeout=5))


def test_waiting_asks_for_what_is_newer_and_survives_a_restart(connect: Connect) -> None:
    gateway = Gateway(
        httpx.Response(200, json=job(version=3)),
        httpx.Response(304),
        httpx.ConnectError("refused"),
        httpx.Response(503, json={"detail": "The store is away.", "code": "STORE_UNAVAILABLE"}),
        httpx.Response(200, json=job("succeeded", version=4)),
    )

    with connect(gateway) as client:
        ended = client.wait(JOB)

    assert ended.state == "succeeded"
    assert gateway.requests[1].headers["if-none-match"] == '"v3"'
    assert float(gateway.requests[1].url.params["wait"]) == 20


def test_waiting_ends_in_time(connect: Connect, clock: FakeClock) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        clock.forward(float(request.url.params.get("wait", 0)))
        return httpx.Response(200, json=job())

    transport = httpx.MockTransport(answer)
    with (
        Client("http://gateway", transport=transport, clock=clock) as client,
        pytest.raises(WaitTimeout, match="running after 30 s"),
    ):
        client.wait(JOB, timeout=30)


def test_waiting_ends_where_only_a_person_can_go_on(connect: Connect) -> None:
    gateway = Gateway(
        httpx.Response(200, json=job()), httpx.Response(200, json=job("awaiting_approval", 4))
    )

    with connect(gateway) as client:
        assert client.wait(JOB).state == "awaiting_approval"


def test_a_review_names_the_attempt_that_was_read(connect: Connect) -> None:
    gateway = Gateway(*[httpx.Response(200, json=job()) for _ in range(3)])

    with connect(gateway) as client:
        client.approve(JOB, 1)
        client.approve(JOB, 2, program="print(1)\n", comment="mine")
        client.decline(JOB, 3, "use the median")

    assert [r.url.path.rpartition("/")[2] for r in gateway.requests] == [
        "approve", "approve", "decline"
    ]  # fmt: skip
    assert [json.loads(r.content) for r in gateway.requests] == [
        {"attempt": 1, "comment": ""},
        {"attempt": 2, "comment": "mine", "program": "print(1)\n"},
        {"attempt": 3, "comment": "use the median"},
    ]


def test_a_submission_whose_answer_was_lost_is_repeated_as_the_same(connect: Connect) -> None:
    gateway = Gateway(httpx.ReadError("reset"), httpx.Response(202, json=job("queued")))

    with connect(gateway) as client:
        client.submit("count the rows")

    first, second = gateway.requests
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    assert first.content == second.content


def test_two_submissions_are_two_jobs(connect: Connect) -> None:
    gateway = Gateway(*[httpx.Response(202, json=job("queued")) for _ in range(2)])

    with connect(gateway) as client:
        client.submit("count the rows")
        client.submit("count the rows")

    first, second = gateway.requests
    assert first.headers["idempotency-key"] != second.headers["idempotency-key"]


def test_a_problem_is_an_error_with_its_hint(connect: Connect) -> None:
    problem = {
        "code": "INVALID_REQUEST",
        "detail": "One field is wrong.",
        "hint": "Look.",
        "errors": [{"pointer": "/framework", "detail": "not an engine"}],
    }
    with (
        connect(Gateway(httpx.Response(422, json=problem))) as client,
        pytest.raises(ApiError, match="One field is wrong") as raised,
    ):
        client.submit("q", framework="flink")

    assert (raised.value.code, raised.value.hint) == ("INVALID_REQUEST", "Look.")
    assert raised.value.places == ("/framework: not an engine",)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>a router's login page</html>"),
        httpx.Response(200, json={"hello": "world"}),
        httpx.Response(500, text="oops"),
    ],
    ids=["html", "other json", "bare 500"],
)
def test_another_server_is_recognised(connect: Connect, answer: httpx.Response) -> None:
    with connect(Gateway(answer)) as client, pytest.raises(ApiError) as raised:
        client.get(JOB)

    assert raised.value.code == "UNEXPECTED_ANSWER"


def test_fields_of_a_newer_gateway_are_kept(connect: Connect) -> None:
    with connect(Gateway(httpx.Response(200, json={**job(), "colour": "blue"}))) as client:
        assert json.loads(client.get(JOB).json_text())["colour"] == "blue"


def test_all_pages_of_a_result_are_read(connect: Connect) -> None:
    page = {"kind": "table", "columns": [{"name": "n", "type": "int64"}], "total_rows": 2}
    gateway = Gateway(
        httpx.Response(200, json={**page, "rows": [[1]], "next_page_token": "t"}),
        httpx.Response(200, json={**page, "rows": [[2]]}),
    )

    with connect(gateway) as client:
        rows = [row for p in client.result_pages(JOB, page_size=1) for row in p.rows]

    assert rows == [(1,), (2,)]
    assert gateway.requests[1].url.params["page_token"] == "t"
