"""Deliveries to a real receiver: signed, thin, tried again on schedule, never redirected."""

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import SecretStr
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from arclight.contracts.events import WebhookAttempted
from arclight.contracts.failure import StepFailed
from arclight.contracts.job import Job
from arclight.contracts.names import JobState
from arclight.runtime.settings import Settings
from services.notifier.address import Address, parse
from services.notifier.deliver import deliver
from services.notifier.post import SYSTEM, Network
from services.notifier.schedule import DELAYS
from tests import jobs
from tests.notifier.conftest import SECRET, MakeWork, after, ended
from tests.notifier.receiver import Receiver, receiving

NO_JITTER = float


def delivered(event: object) -> WebhookAttempted:
    assert isinstance(event, WebhookAttempted)
    return event


def at_addresses(*addresses: str) -> Network:
    async def resolve(host: str, port: int) -> Sequence[Address]:
        return [parse(a) for a in addresses]

    return replace(SYSTEM, resolve=resolve)


def test_a_delivery_is_signed_and_thin(make_work: MakeWork) -> None:
    # Given a failed job with a callback
    with receiving(Receiver()) as receiver:
        work = make_work(ended(receiver.url))
        # When it is delivered
        event = delivered(deliver(work))

    # Then the receiver got one request whose signature holds
    [(path, headers, content)] = receiver.got
    assert path == "/hook?x=1"
    said = Webhook(SECRET).verify(content, headers)
    assert said["type"] == "job.failed"
    assert said["timestamp"] == jobs.at(5).isoformat()
    assert said["data"]["job_id"] == work.job.id
    assert said["data"]["error"] == {
        "kind": "code",
        "code": "NAME_ERROR",
        "message": "x is not defined.",
        "hint": "Define x.",
    }
    assert said["data"]["links"]["job"].endswith(f"/v1/jobs/{work.job.id}")
    assert headers["host"] == f"127.0.0.1:{receiver.port}"
    assert headers["webhook-id"] == work.job.id.replace("job_", "msg_")

    # And the record says so, and nothing follows
    assert event.attempt.delivered
    assert event.attempt.status == 204
    assert event.after is None
    assert after(work, event).pending is None


def test_another_body_or_secret_does_not_verify(make_work: MakeWork) -> None:
    with receiving(Receiver()) as receiver:
        deliver(make_work(ended(receiver.url)))
    [(_, headers, content)] = receiver.got
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(content + b" ", headers)
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_" + "A" * 32).verify(content, headers)


@pytest.mark.parametrize("state", [JobState.SUCCEEDED, JobState.CANCELLED])
def test_the_type_names_the_end(make_work: MakeWork, state: JobState) -> None:
    result = jobs.result() if state is JobState.SUCCEEDED else None
    with receiving(Receiver()) as receiver:
        deliver(make_work(ended(receiver.url, state=state, error=None, result=result)))
    said = json.loads(receiver.got[0][2])
    assert said["type"] == f"job.{state}"
    assert ("result" in said["data"]) is (state is JobState.SUCCEEDED)


def test_the_whole_schedule_with_one_id_and_one_body(make_work: MakeWork) -> None:
    # Given a receiver that is down for three days
    tries: list[timedelta | None] = []
    with receiving(Receiver(answers=[(503, {})] * 20)) as receiver:
        job: Job = ended(receiver.url)
        # When each try is followed by the next one that it asks for
        while job.pending is not None:
            work = make_work(job)
            event = delivered(deliver(work, chance=NO_JITTER))
            tries.append(event.after)
            job = after(work, event)

    # Then the tries are those of the schedule, and each says the same thing
    assert [t for t in tries if t is not None] == list(DELAYS[1:])
    assert tries[-1] is None
    assert [a.number for a in job.webhook] == list(range(1, 11))
    assert len({headers["webhook-id"] for _, headers, _ in receiver.got}) == 1
    assert len({content for *_, content in receiver.got}) == 1
    assert not any(a.delivered for a in job.webhook)


def test_jitter_only_makes_it_later(make_work: MakeWork) -> None:
    with receiving(Receiver(answers=[(500, {})] * 20)) as receiver:
        job = ended(receiver.url)
        chance = random.Random(1).random
        pauses = [delivered(deliver(make_work(job), chance=chance)).after for _ in range(5)]
    assert len(set(pauses)) == 5
    assert all(DELAYS[1] <= p <= DELAYS[1] * 1.1 for p in pauses if p)


@pytest.mark.parametrize(
    ("status", "asked", "pause"),
    [
        (429, "120", timedelta(seconds=120)),
        (503, "1", DELAYS[1]),
        (503, "9999999", timedelta(hours=24)),
        (503, "soon", DELAYS[1]),
        (400, "", DELAYS[1]),
    ],
)
def test_retry_after_only_slows_down(
    make_work: MakeWork, status: int, asked: str, pause: timedelta
) -> None:
    with receiving(Receiver(answers=[(status, {"Retry-After": asked})])) as receiver:
        event = delivered(deliver(make_work(ended(receiver.url)), chance=NO_JITTER))
    assert event.after == pause
    assert event.attempt.status == status


def test_gone_ends_the_deliveries(make_work: MakeWork) -> None:
    with receiving(Receiver(answers=[(410, {})])) as receiver:
        event = delivered(deliver(make_work(ended(receiver.url))))
    assert event.after is None
    assert not event.attempt.delivered
    assert "410" in event.attempt.error


def test_a_redirect_is_not_followed(make_work: MakeWork) -> None:
    with receiving(Receiver()) as other:
        answers = [(307, {"Location": other.url})]
        with receiving(Receiver(answers=answers)) as receiver:
            event = delivered(deliver(make_work(ended(receiver.url))))
    assert other.got == []
    assert event.attempt.status == 307
    assert "redirects are not followed" in event.attempt.error
    assert event.after is not None


def test_a_proxy_of_the_environment_is_not_asked(
    make_work: MakeWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving(Receiver()) as proxy, receiving(Receiver()) as receiver:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        deliver(make_work(ended(receiver.url)))
    assert proxy.got == []
    assert len(receiver.got) == 1


def test_a_slow_receiver_is_given_up(make_work: MakeWork) -> None:
    network = replace(SYSTEM, timeout=timedelta(seconds=0.3))
    with receiving(Receiver(pause=30)) as receiver:
        event = delivered(deliver(make_work(ended(receiver.url)), network))
    assert "did not answer within 0.3 s" in event.attempt.error
    assert event.after is not None


def test_an_endless_answer_is_not_read(make_work: MakeWork) -> None:
    with receiving(Receiver(answers=[(200, {})], endless=True)) as receiver:
        event = delivered(deliver(make_work(ended(receiver.url))))
    assert event.attempt.delivered


def test_nobody_listening_is_tried_again(make_work: MakeWork) -> None:
    with receiving(Receiver()) as receiver:
        url = receiver.url
    event = delivered(deliver(make_work(ended(url))))
    assert event.attempt.status is None
    assert "No connection to 127.0.0.1" in event.attempt.error
    assert event.after is not None


def test_an_unknown_host_is_tried_again(make_work: MakeWork) -> None:
    event = delivered(deliver(make_work(ended("https://nobody.invalid/x"))))
    assert "nobody.invalid was not found" in event.attempt.error
    assert event.after is not None


def test_the_second_address_is_tried_when_the_first_is_dead(make_work: MakeWork) -> None:
    with receiving(Receiver()) as receiver:
        url = f"http://receiver.example:{receiver.port}/"
        network = at_addresses("127.0.0.2", "127.0.0.1")
        event = delivered(deliver(make_work(ended(url)), network))
    assert event.attempt.delivered
    assert receiver.got[0][1]["host"] == f"receiver.example:{receiver.port}"


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["93.184.215.14", "10.0.0.1"], ["169.254.169.254"]]
)
def test_a_private_address_is_refused_for_good(
    make_work: MakeWork, local: Settings, addresses: list[str]
) -> None:
    # Given the default settings, and a public name that leads inside
    strict = local.model_copy(update={"webhook_allow_private": False})
    with receiving(Receiver()) as receiver:
        job = ended(f"https://inside.example:{receiver.port}/")
        event = delivered(deliver(make_work(job, strict), at_addresses(*addresses)))

    # Then nothing was sent, the record says why, and nothing is tried again
    assert receiver.got == []
    assert "inside.example leads to" in event.attempt.error
    assert event.after is None


def test_metadata_addresses_stay_refused(make_work: MakeWork) -> None:
    job = ended("http://169.254.169.254/latest")
    event = delivered(deliver(make_work(job)))
    assert "metadata address" in event.attempt.error
    assert event.after is None


def test_plain_http_is_refused_by_default(make_work: MakeWork, local: Settings) -> None:
    strict = local.model_copy(update={"webhook_allow_private": False})
    event = delivered(deliver(make_work(ended("http://example.com/"), strict)))
    assert "not https" in event.attempt.error
    assert event.after is None


def test_two_secrets_give_two_signatures(make_work: MakeWork, local: Settings) -> None:
    new = "whsec_" + "B" * 32
    both = local.model_copy(update={"webhook_secret": SecretStr(f"{new} {SECRET}")})
    with receiving(Receiver()) as receiver:
        deliver(make_work(ended(receiver.url), both))
    [(_, headers, content)] = receiver.got
    for secret in (new, SECRET):
        Webhook(secret).verify(content, headers)


def test_a_bad_secret_is_said(make_work: MakeWork, local: Settings) -> None:
    bad = local.model_copy(update={"webhook_secret": SecretStr("hunter2")})
    with pytest.raises(StepFailed) as caught:
        deliver(make_work(ended("https://example.com/"), bad))
    assert caught.value.failure.code == "WEBHOOK_SECRET_INVALID"
    assert "hunter2" not in caught.value.failure.message


def test_a_long_error_stays_below_the_limit(make_work: MakeWork) -> None:
    said = jobs.failure(message="\x01😀" * 100_000, hint="\x02" * 10_000)
    with receiving(Receiver()) as receiver:
        deliver(make_work(ended(receiver.url, error=said)))
    [(_, headers, content)] = receiver.got
    assert len(content) < 20_000
    Webhook(SECRET).verify(content, headers)
