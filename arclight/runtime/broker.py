"""Celery: the app factory, every number with its reason, and the one place that forms a message.

The store and the broker are the same server, so a commit pushes its wake-up message inside the
atomic step that writes the record: there is no moment between the two at which a crash loses one.
`encoder` forms that message exactly as Celery's own producer would.
"""

import base64
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from celery import Celery
from kombu.entity import Queue as KombuQueue

from arclight.contracts.events import Message
from arclight.contracts.flow import TASK_OF
from arclight.contracts.names import Queue
from arclight.runtime.settings import Settings

CANARY = {"canary": True}

Encode = Callable[[Queue, Message | None], str]
"""Forms a queue's list entry; None makes a canary."""

VISIBILITY = 26 * 3600
"""Seconds. Above the longest deadline (24 h): kombu must never hand a running task out twice;
a lost worker is found by its lease, in seconds."""


def make_app(settings: Settings) -> Celery:
    """The Celery app that every worker, Flower and the encoder share."""
    app = Celery("arclight", broker=settings.redis_url, set_as_current=False)
    app.conf.update(
        # 41 % of a no-op stage was spent on results and sends; the record is the result.
        task_ignore_result=True,
        result_backend=None,
        # Ack after the commit; a lost child's message comes back at once, and the claim decides.
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        # One message in hand per process: a reserved message behind a long job would look lost.
        worker_prefetch_multiplier=1,
        worker_disable_prefetch=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_soft_shutdown_timeout=10.0,
        worker_enable_soft_shutdown_on_idle=False,
        # Flower turns the workers' events on while it watches; nobody else reads them.
        worker_send_task_events=False,
        task_send_sent_event=False,
        task_serializer="json",
        accept_content=["json"],
        task_queues=[_queue(q) for q in Queue],
        task_default_queue=Queue.CODEGEN.value,
        task_create_missing_queues=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={
            "global_keyprefix": f"{settings.namespace}:",
            "visibility_timeout": VISIBILITY,
            # One list per queue: priorities would make kombu poll four.
            "priority_steps": [0],
            "socket_keepalive": True,
            "health_check_interval": 10,
        },
        # Ids and a one-line summary; root logging belongs to structlog.
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
    )
    return app


def _queue(queue: Queue) -> KombuQueue:
    return KombuQueue(queue.value, routing_key=queue.value)  # type: ignore[no-untyped-call]


def encoder(app: Celery) -> Encode:
    """Forms messages in Celery's protocol 2 inside kombu's Redis envelope."""

    def encode(queue: Queue, message: Message | None) -> str:
        payload = CANARY if message is None else message.model_dump(mode="json")
        shown = "canary" if message is None else message.key
        task = app.amqp.as_task_v2(
            str(uuid4()),
            TASK_OF[queue],
            args=(payload,),
            argsrepr=f"({shown},)",
            kwargsrepr="{}",
            ignore_result=True,
        )
        return json.dumps(_envelope(queue, task))

    return encode


def _envelope(queue: Queue, task: Any) -> dict[str, Any]:
    body = base64.b64encode(json.dumps(task.body).encode()).decode()
    return {
        "body": body,
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": task.headers,
        "properties": {
            **task.properties,
            "delivery_mode": 2,
            "delivery_info": {"exchange": "", "routing_key": queue.value},
            "priority": 0,
            "body_encoding": "base64",
            "delivery_tag": str(uuid4()),
        },
    }
