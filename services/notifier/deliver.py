"""The notifier's verb: one signed delivery to the callback of a job that has ended."""

import asyncio
import random
from collections.abc import Callable, Mapping
from datetime import UTC, timedelta

from standardwebhooks.webhooks import Webhook

from arclight.contracts.events import Event, WebhookAttempted
from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.contracts.job import WebhookAttempt
from arclight.runtime.webhook_secret import BadSecret, signing_secrets
from arclight.runtime.work import Work
from services.notifier.message import body, message_id
from services.notifier.post import SYSTEM, Answer, Network, Refused, Unreachable, post
from services.notifier.schedule import next_delay, retry_after

GONE = 410
"""The receiver wants no more of it."""


def deliver(
    work: Work, network: Network = SYSTEM, chance: Callable[[], float] = random.random
) -> Event:
    """The event that records this try, with the pause before the next one if there is one.

    A failed try is an event too. Raises StepFailed only when nothing can be signed.
    """
    job = work.job
    if job.request.callback_url is None:
        raise ValueError(f"job {job.id} has no callback_url to deliver to")
    content = body(job, work.settings)
    try:
        answer = asyncio.run(
            post(
                str(job.request.callback_url),
                content,
                _headers(work, content),
                network,
                allow_private=work.settings.webhook_allow_private,
            )
        )
    except Refused as refused:
        return _record(work, error=str(refused))
    except Unreachable as unreachable:
        return _record(work, error=str(unreachable), after=_pause(work, None, chance))
    return _answered(work, answer, chance)


def _answered(work: Work, answer: Answer, chance: Callable[[], float]) -> Event:
    status = answer.status
    if 200 <= status < 300:
        return _record(work, status=status)
    if status == GONE:
        said = "The receiver answered 410 Gone; no further delivery is tried."
        return _record(work, status=status, error=said)
    said = f"The receiver answered {status}; only 2xx counts as received."
    if 300 <= status < 400:
        said = f"The receiver answered {status}, and redirects are not followed."
    return _record(work, status=status, error=said, after=_pause(work, answer, chance))


def _headers(work: Work, content: bytes) -> Mapping[str, str]:
    """Standard Webhooks 1.0; during a rotation one signature for each secret."""
    now, id_ = work.now().astimezone(UTC), message_id(work.job)
    try:
        hooks = [Webhook(secret) for secret in signing_secrets(work.settings)]
    except BadSecret as error:
        raise StepFailed(_cannot_sign(error)) from error
    return {
        "content-type": "application/json",
        "user-agent": "Arclight-Webhooks/1",
        "webhook-id": id_,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(h.sign(id_, now, content.decode()) for h in hooks),
    }


def _pause(work: Work, answer: Answer | None, chance: Callable[[], float]) -> timedelta | None:
    asked = retry_after(answer.retry_after, work.now()) if answer else None
    return next_delay(len(work.job.webhook) + 1, asked, chance)


def _record(
    work: Work, *, status: int | None = None, error: str = "", after: timedelta | None = None
) -> WebhookAttempted:
    number = len(work.job.webhook) + 1
    again = f" Next try in {after.total_seconds():.0f} s." if after is not None else ""
    work.log(f"notifier: delivery {number}: {error or f'received ({status})'}{again}")
    attempt = WebhookAttempt(
        number=number, at=work.now(), status=status, error=error, delivered=not error
    )
    return WebhookAttempted(**work.stamp(), attempt=attempt, after=after)


def _cannot_sign(error: BadSecret) -> Failure:
    return Failure(
        kind=FailureKind.REQUEST,
        code="WEBHOOK_SECRET_INVALID",
        message=str(error),
        hint="Set a valid secret, or remove it to have one made; then retry the job.",
    )
