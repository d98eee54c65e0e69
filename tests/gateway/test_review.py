"""Approving, editing and declining: what a reviewer sees, says, and is refused."""

import asyncio
from typing import Any

import httpx
import pytest

from arclight.contracts.names import Queue
from arclight.contracts.review import MAX_EDITS
from arclight.runtime.artifacts import LocalArtifacts, get_program
from arclight.runtime.store.memory import MemoryStore
from tests.conftest import FakeClock
from tests.gateway.asking import problem, submitted
from tests.gateway.driver import Driver
from tests.jobs import error

DAY = 86_400


@pytest.fixture
async def waiting(client: httpx.AsyncClient, driver: Driver) -> str:
    """A job whose program waits for a person."""
    job_id = await submitted(client, mode="review")
    await driver.awaiting(job_id)
    return job_id


async def approve(client: httpx.AsyncClient, job_id: str, **body: Any) -> httpx.Response:
    return await client.post(f"/v1/jobs/{job_id}/approve", json={"attempt": 1, **body})


async def decline(client: httpx.AsyncClient, job_id: str, **body: Any) -> httpx.Response:
    body = {"attempt": 1, "comment": "use the median", **body}
    return await client.post(f"/v1/jobs/{job_id}/decline", json=body)


async def test_a_job_that_waits_says_for_what_and_until_when(
    client: httpx.AsyncClient, waiting: str
) -> None:
    job = (await client.get(f"/v1/jobs/{waiting}")).json()

    assert (job["state"], job["mode"]) == ("awaiting_approval", "review")
    assert job["approval"] == {
        "attempt": 1,
        "since": "2027-01-15T08:00:00Z",
        "until": "2027-01-22T08:00:00Z",
        "errors": 0,
    }
    assert job["attempts"][0]["explanation"] == ["It counts the rows."]
    assert job["links"]["approve"] == f"/v1/jobs/{waiting}/approve"
    assert job["links"]["decline"] == f"/v1/jobs/{waiting}/decline"
    assert "progress" not in job
    listed = (await client.get("/v1/jobs?state=awaiting_approval")).json()["jobs"]
    assert [j["id"] for j in listed] == [waiting]


async def test_how_long_a_program_waits_can_be_chosen(
    client: httpx.AsyncClient, driver: Driver
) -> None:
    job_id = await submitted(client, mode="review", review_timeout="P2D", timeout=60)
    await driver.awaiting(job_id)

    job = (await client.get(f"/v1/jobs/{job_id}")).json()

    assert job["budget"]["review"] == "P2D"
    assert job["deadline"] == job["approval"]["until"] == "2027-01-17T08:00:00Z"


async def test_an_approved_program_runs_with_its_own_time(
    client: httpx.AsyncClient, waiting: str, memory: MemoryStore, clock: FakeClock
) -> None:
    clock.forward(DAY)

    answer = await approve(client, waiting, comment="fine")

    job = answer.json()
    assert answer.status_code == 200
    assert answer.headers["etag"] == f'"v{job["version"]}"'
    assert job["state"] == "running"
    assert job["deadline"] == "2027-01-16T08:15:00Z"
    review = job["attempts"][0]["reviews"][0]
    assert (review["verdict"], review["comment"]) == ("approved", "fine")
    assert review["by"].startswith("key:")
    assert [m.job_id for m in memory.queues[Queue.EXECUTOR_SPARK] if m] == [waiting]
    assert "approve" not in job["links"]


async def test_the_etag_names_a_program_as_well_as_its_attempt(
    client: httpx.AsyncClient, waiting: str
) -> None:
    url = f"/v1/jobs/{waiting}"
    tag = (await client.get(url)).headers["etag"]

    for stale in ('"v1"', f"W/{tag}"):
        answer = await client.post(f"{url}/approve", headers={"If-Match": stale})
        problem(answer, 412, "PROGRAM_CHANGED")
    answer = await client.post(f"{url}/approve", headers={"If-Match": f'"x", {tag}'})

    assert answer.json()["state"] == "running"


async def test_nobody_approves_a_program_without_naming_it(
    client: httpx.AsyncClient, waiting: str
) -> None:
    bare = await client.post(f"/v1/jobs/{waiting}/approve")
    commented = await client.post(f"/v1/jobs/{waiting}/decline", json={"comment": "no"})

    body = problem(bare, 428, "PROGRAM_NOT_NAMED")
    assert '{"attempt": 1}' in body["hint"]
    problem(commented, 428, "PROGRAM_NOT_NAMED")


async def test_nobody_approves_a_program_they_did_not_see(
    client: httpx.AsyncClient, waiting: str, driver: Driver
) -> None:
    # Given a reviewer who has read attempt 1, which another one declines meanwhile
    await decline(client, waiting)
    await driver.awaiting(waiting, "print(2)\n")

    # When the first one approves what was read
    answer = await approve(client, waiting)

    # Then nothing is approved, and what to read is named
    body = problem(answer, 412, "PROGRAM_CHANGED")
    assert body["attempt"] == 2
    assert "attempts/2" in body["hint"]
    problem(await decline(client, waiting), 412, "PROGRAM_CHANGED")
    assert (await client.get(f"/v1/jobs/{waiting}")).json()["state"] == "awaiting_approval"


async def test_the_second_approval_is_told_of_the_first(
    client: httpx.AsyncClient, waiting: str
) -> None:
    await approve(client, waiting)

    for answer in (await approve(client, waiting), await decline(client, waiting)):
        body = problem(answer, 409, "NOT_AWAITING_APPROVAL")
        assert "is running" in body["detail"]
        assert "Attempt 1 was approved by key:" in body["detail"]
        assert body["state"] == "running"


async def test_of_many_words_at_once_one_counts(client: httpx.AsyncClient, waiting: str) -> None:
    answers = await asyncio.gather(
        *(approve(client, waiting) for _ in range(5)), *(decline(client, waiting) for _ in range(5))
    )

    assert sorted(a.status_code for a in answers) == [200] + [409] * 9


async def test_a_job_that_never_waited_says_how_to_be_asked(client: httpx.AsyncClient) -> None:
    job_id = await submitted(client)

    body = problem(await approve(client, job_id), 409, "NOT_AWAITING_APPROVAL")

    assert "mode: review" in body["hint"]


async def test_an_edited_program_is_checked_again_and_shown_as_a_diff(
    client: httpx.AsyncClient, waiting: str, memory: MemoryStore, artifacts: LocalArtifacts
) -> None:
    job = (await approve(client, waiting, program="print(2)\n", comment="two")).json()

    assert job["state"] == "validating"
    assert next(m.job_id for m in memory.queues[Queue.VALIDATOR] if m) == waiting
    assert job["budget"]["attempts_used"] == 1
    attempt = (await client.get(f"/v1/jobs/{waiting}/attempts/2")).json()
    assert attempt["diff"].splitlines()[-2:] == ["-print(1)", "+print(2)"]
    assert attempt["reason"].startswith("edited by key:")
    assert attempt["costs"] is False
    assert attempt["reviews"][0]["verdict"] == "edited"
    record = (await memory.get(waiting)).attempts[1]
    assert record.program is not None
    assert get_program(artifacts, record.program) == "print(2)\n"


async def test_a_program_with_errors_is_not_approved_as_it_is(
    client: httpx.AsyncClient, waiting: str, driver: Driver
) -> None:
    # Given an edited program in which the validator found an error
    await approve(client, waiting, program="import os\n")
    await driver.ask(waiting, error())
    job = (await client.get(f"/v1/jobs/{waiting}")).json()
    assert (job["state"], job["approval"]["errors"]) == ("awaiting_approval", 1)

    # When it is approved as it is, or sent again without a change, it is refused
    for more in ({}, {"program": "import os\n"}):
        body = problem(await approve(client, waiting, attempt=2, **more), 409, "PROGRAM_HAS_ERRORS")
        assert "line 3: SEC002 It is wrong." in body["detail"]
        assert [f["code"] for f in body["findings"]] == ["SEC002"]

    # Then a corrected one is taken
    fixed = await approve(client, waiting, attempt=2, program="print(3)\n")
    assert (fixed.json()["state"], fixed.json()["attempt"]) == ("validating", 3)


async def test_an_edit_that_no_file_can_hold_is_refused(
    client: httpx.AsyncClient, waiting: str
) -> None:
    answer = await client.post(
        f"/v1/jobs/{waiting}/approve",
        content=b'{"attempt": 1, "program": "\\ud800"}',
        headers={"Content-Type": "application/json"},
    )

    problem(answer, 422, "INVALID_REQUEST")


async def test_the_same_program_sent_back_is_an_approval(
    client: httpx.AsyncClient, waiting: str
) -> None:
    job = (await approve(client, waiting, program="print(1)\n")).json()

    assert (job["state"], job["attempt"]) == ("running", 1)


async def test_a_decline_goes_to_codegen_and_costs_an_attempt(
    client: httpx.AsyncClient, waiting: str, memory: MemoryStore
) -> None:
    job = (await decline(client, waiting)).json()

    assert (job["state"], job["attempt"]) == ("generating", 2)
    assert job["budget"]["attempts_left"] == 3
    assert job["budget"]["failures"] == {"budget": 1}
    failure = job["attempts"][0]["failure"]
    assert (failure["kind"], failure["code"]) == ("rejected", "REVIEW_DECLINED")
    assert failure["message"] == "use the median"
    review = job["attempts"][0]["reviews"][0]
    assert (review["payer"], review["verdict"]) == ("budget", "declined")
    assert "4 of 5 attempts are left" in review["then"]
    assert next(m.job_id for m in memory.queues[Queue.CODEGEN] if m) == waiting


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"max_attempts": 1}, "All 1 attempts are used."),
        ({"prompt": "", "program": "print(1)\n"}, "brought without `repair`"),
    ],
)
async def test_a_decline_without_a_way_on_says_what_is_possible(
    client: httpx.AsyncClient, driver: Driver, asked: dict[str, Any], why: str
) -> None:
    job_id = await submitted(client, mode="review", **asked)
    await (driver.ask(job_id) if "program" in asked else driver.awaiting(job_id))

    body = problem(await decline(client, job_id), 409, "NO_FURTHER_PROGRAM")

    assert why in body["detail"]
    assert "edited `program`" in body["hint"]
    assert "cancel" in body["hint"]
    assert (await approve(client, job_id)).json()["state"] == "running"


async def test_edits_come_to_an_end(
    client: httpx.AsyncClient, waiting: str, driver: Driver
) -> None:
    for number in range(1, MAX_EDITS + 1):
        sent = await approve(client, waiting, attempt=number, program=f"print({number} + 1)\n")
        assert sent.status_code == 200
        await driver.ask(waiting, error())

    last = await approve(client, waiting, attempt=MAX_EDITS + 1, program="print(0)\n")

    problem(last, 409, "TOO_MANY_EDITS")


async def test_a_job_that_waits_can_be_cancelled(client: httpx.AsyncClient, waiting: str) -> None:
    job = (await client.post(f"/v1/jobs/{waiting}/cancel")).json()

    assert job["state"] == "cancelled"
    assert job["attempts"][0]["runs"][-1]["outcome"] == "done"
    problem(await approve(client, waiting), 409, "NOT_AWAITING_APPROVAL")


async def test_a_result_that_waits_for_an_approval_says_so(
    client: httpx.AsyncClient, waiting: str
) -> None:
    body = problem(await client.get(f"/v1/jobs/{waiting}/result"), 409, "JOB_NOT_FINISHED")

    assert "/approve" in body["hint"]


async def test_the_stream_tells_every_word(
    client: httpx.AsyncClient, waiting: str, driver: Driver
) -> None:
    await decline(client, waiting)
    await driver.awaiting(waiting, "print(2)\n")
    await approve(client, waiting, attempt=2, program="print(3)\n")
    await driver.ask(waiting, error())
    await approve(client, waiting, attempt=3, program="print(4)\n")
    await driver.validate(waiting)
    await client.post(f"/v1/jobs/{waiting}/cancel")

    told = (await client.get(f"/v1/jobs/{waiting}/events")).text

    names = [line[7:] for line in told.splitlines() if line.startswith("event: ")]
    assert [n for n in names if n.startswith(("approval.", "program."))] == [
        "approval.requested",
        "program.declined",
        "approval.requested",
        "program.edited",
        "approval.requested",
        "program.edited",
    ]
    assert '"comment":"use the median"' in told


async def test_review_repair_and_rehearsal_are_on_the_record(client: httpx.AsyncClient) -> None:
    job_id = await submitted(client, mode="review", repair=True, rehearse=True)

    job = (await client.get(f"/v1/jobs/{job_id}")).json()

    assert (job["mode"], job["repair"], job["rehearse"]) == ("review", True, True)
