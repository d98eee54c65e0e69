"""Attempts, programs, diffs, timings and logs."""

import httpx

from arclight.contracts.failure import FailureKind
from arclight.contracts.names import LogStream, Way
from arclight.contracts.run_facts import RunFacts
from arclight.runtime.artifacts import LocalArtifacts
from arclight.runtime.store.port import LogLine
from tests.conftest import FakeClock
from tests.gateway.asking import problem, submitted
from tests.gateway.driver import Driver
from tests.jobs import failure


async def test_an_attempt_shows_its_program_and_the_diff_to_the_one_before(
    client: httpx.AsyncClient, driver: Driver
) -> None:
    job_id = await submitted(client)
    await driver.fail_attempt(job_id, "a = 1\nprint(a)\n")
    await driver.generate(job_id, "a = 2\nprint(a)\n")

    first = (await client.get(f"/v1/jobs/{job_id}/attempts/1")).json()
    second = (await client.get(f"/v1/jobs/{job_id}/attempts/2")).json()

    assert first["program"] == "a = 1\nprint(a)\n"
    assert first["diff"] == ""
    assert first["failure"]["code"] == "BROKEN"
    assert second["diff"].splitlines() == [
        "--- attempt-1.py",
        "+++ attempt-2.py",
        "@@ -1,2 +1,2 @@",
        "-a = 1",
        "+a = 2",
        " print(a)",
    ]


async def test_the_wait_in_the_queue_is_apart_from_the_work(
    client: httpx.AsyncClient, driver: Driver, clock: FakeClock
) -> None:
    job_id = await submitted(client)
    clock.forward(3)
    await driver.claim(job_id)
    clock.forward(2)
    await client.post(f"/v1/jobs/{job_id}/cancel")

    attempt = (await client.get(f"/v1/jobs/{job_id}/attempts/1")).json()

    assert (attempt["wait_s"], attempt["work_s"]) == (3.0, 2.0)
    run = attempt["runs"][0]
    assert (run["step"], run["wait_s"], run["work_s"]) == ("codegen", 3.0, 2.0)


async def test_the_list_of_attempts_is_in_order(client: httpx.AsyncClient, driver: Driver) -> None:
    job_id = await submitted(client)
    await driver.fail_attempt(job_id, "1\n")

    body = (await client.get(f"/v1/jobs/{job_id}/attempts")).json()

    assert [(a["number"], a["has_program"]) for a in body["attempts"]] == [(1, True), (2, False)]


async def test_the_code_is_the_newest_program_or_that_of_an_attempt(
    client: httpx.AsyncClient, driver: Driver
) -> None:
    job_id = await submitted(client)
    await driver.fail_attempt(job_id, "first\n")
    await driver.fail_attempt(job_id, "second\n")

    newest = await client.get(f"/v1/jobs/{job_id}/code")
    first = await client.get(f"/v1/jobs/{job_id}/code?attempt=1")

    assert newest.headers["content-type"] == "text/x-python; charset=utf-8"
    assert (newest.text, first.text) == ("second\n", "first\n")


async def test_what_is_not_there_yet_is_said(client: httpx.AsyncClient) -> None:
    job_id = await submitted(client)

    problem(await client.get(f"/v1/jobs/{job_id}/code"), 404, "NO_PROGRAM")
    problem(await client.get(f"/v1/jobs/{job_id}/code?attempt=1"), 404, "NO_PROGRAM")
    body = problem(await client.get(f"/v1/jobs/{job_id}/attempts/2"), 404, "ATTEMPT_NOT_FOUND")
    assert "1 attempt" in body["detail"]


async def test_a_program_that_is_gone_is_said(
    client: httpx.AsyncClient, driver: Driver, artifacts: LocalArtifacts
) -> None:
    job_id = await submitted(client)
    await driver.generate(job_id)
    artifacts.local(f"jobs/{job_id}/1/program.py").unlink()

    problem(await client.get(f"/v1/jobs/{job_id}/code"), 410, "RESULT_GONE")


async def test_logs_are_plain_text(client: httpx.AsyncClient, driver: Driver) -> None:
    job_id = await submitted(client)
    await driver.store.log(job_id, [LogLine("one"), LogLine("two ü", LogStream.STDERR)])
    await driver.claim(job_id)
    await driver.store.log(job_id, [LogLine("three", LogStream.STDOUT)])

    answer = await client.get(f"/v1/jobs/{job_id}/logs")

    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text == "one\ntwo ü\nthree\n"

    some = await client.get(f"/v1/jobs/{job_id}/logs?stream=system&stream=stdout")
    assert some.text == "one\nthree\n"


async def test_the_full_logs_of_an_attempt_are_kept_apart(
    client: httpx.AsyncClient, driver: Driver, artifacts: LocalArtifacts
) -> None:
    # Given an attempt whose first run was lost, and whose second kept its logs
    job_id = await submitted(client)
    await driver.running(job_id)
    logs = tuple(driver.log(job_id, s, f"{s} ü\n") for s in (LogStream.STDOUT, LogStream.ENGINE))
    await driver.finish_with(job_id, RunFacts(way=Way.COLD, tier="T3", logs=logs))
    url = f"/v1/jobs/{job_id}/attempts/1"

    # When the attempt is asked for, it leads to its logs and says how it ran
    attempt = (await client.get(url)).json()
    facts = attempt["runs"][-1]["facts"]
    assert (facts["way"], facts["tier"]) == ("cold", "T3")
    assert [(f["stream"], f["bytes"], f["cut"]) for f in facts["logs"]] == [
        ("stdout", 10, 0),
        ("engine", 10, 0),
    ]
    answer = await client.get(attempt["links"]["logs"])
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text == "stdout ü\n"
    assert (await client.get(f"{url}/logs?stream=engine&run=1")).text == "engine ü\n"

    # Then what there is not is said
    body = problem(await client.get(f"{url}/logs?stream=stderr"), 404, "LOG_NOT_FOUND")
    assert body["detail"] == "No stderr log of attempt 1 is kept."
    problem(await client.get(f"{url}/logs?run=2"), 404, "LOG_NOT_FOUND")
    problem(await client.get(f"/v1/jobs/{job_id}/attempts/9/logs"), 404, "ATTEMPT_NOT_FOUND")
    problem(await client.get(f"{url}/logs?stream=x"), 422, "INVALID_REQUEST")
    artifacts.local(logs[0].key).unlink()
    problem(await client.get(f"{url}/logs"), 410, "RESULT_GONE")


async def test_an_attempt_without_logs_has_no_link_to_them(
    client: httpx.AsyncClient, driver: Driver
) -> None:
    job_id = await submitted(client)
    await driver.running(job_id)

    attempt = (await client.get(f"/v1/jobs/{job_id}/attempts/1")).json()

    assert "logs" not in attempt["links"]
    problem(await client.get(f"/v1/jobs/{job_id}/attempts/1/logs"), 404, "LOG_NOT_FOUND")


async def test_the_ledger_says_who_paid_and_why_it_went_on(
    client: httpx.AsyncClient, driver: Driver
) -> None:
    # Given a worker that is lost, a program that fails, and one that is at work
    job_id = await submitted(client, max_attempts=3)
    lost = failure(FailureKind.INFRASTRUCTURE, "WORKER_LOST")
    await driver.break_down(await driver.claim(job_id), lost)
    await driver.fail_attempt(job_id, "print(1)\n")
    await driver.running(job_id, "print(2)\n")

    # When the attempts are asked for
    ledger = (await client.get(f"/v1/jobs/{job_id}/attempts")).json()

    # Then each setback names its payer and what followed, and what went well names none
    runs = [r for a in ledger["attempts"] for r in a["runs"]]
    assert [(r["outcome"], r["payer"], r["then"]) for r in runs if "payer" in r] == [
        (
            "WORKER_LOST",
            "platform",
            "The platform's fault (loss 1 of 3 that end a job): the same step starts again.",
        ),
        ("BROKEN", "budget", "A changed program may help: 2 of 3 attempts are left."),
    ]
    assert [a["costs"] for a in ledger["attempts"]] == [True, True]
    assert ledger["budget"]["attempts_used"] == 2
    assert ledger["budget"]["attempts_left"] == 1
    assert ledger["budget"]["failures"] == {"budget": 1, "platform": 1}
    job = (await client.get(f"/v1/jobs/{job_id}")).json()
    assert job["budget"] == ledger["budget"]


async def test_an_end_from_outside_is_paid_by_the_request(client: httpx.AsyncClient) -> None:
    job_id = await submitted(client)

    job = (await client.post(f"/v1/jobs/{job_id}/cancel")).json()

    run = job["attempts"][0]["runs"][0]
    assert (run["payer"], run["then"]) == ("request", "Somebody stopped the job.")
