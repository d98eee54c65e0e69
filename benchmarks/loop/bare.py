"""The peer: three Celery tasks in a chain, and nothing else. The last one says that it is done."""

from functools import cache

import redis
from celery import Celery

from arclight.runtime.settings import settings

app = Celery("bare", broker=settings().redis_url, set_as_current=False)
app.conf.update(
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
    broker_transport_options={"global_keyprefix": "bare:", "priority_steps": [0]},
)


@cache
def _done() -> "redis.Redis":
    return redis.Redis.from_url(settings().redis_url)


@app.task(name="bare.first")
def first(job: str) -> None:
    app.send_task("bare.second", (job,), queue="second")


@app.task(name="bare.second")
def second(job: str) -> None:
    app.send_task("bare.third", (job,), queue="third")


@app.task(name="bare.third")
def third(job: str) -> None:
    _done().lpush(f"bare:done:{job}", 1)
