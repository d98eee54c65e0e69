"""The peer: three Celery tasks in a chain, and nothing else. The last one says that it is done."""

import os
from functools import cache

import redis
from celery import Celery

app = Celery("bare", set_as_current=False)
app.conf.update(
    broker_url=os.environ.get("ARCLIGHT_REDIS_URL"),
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
    broker_transport_options={"global_keyprefix": "bare:", "priority_steps": [0]},
)


@cache
def _done() -> "redis.Redis":
    return redis.Redis.from_url(app.conf.broker_url)


@app.task(name="bare.first")
def first(job: str) -> None:
    app.send_task("bare.second", (job,), queue="second")


@app.task(name="bare.second")
def second(job: str) -> None:
    app.send_task("bare.third", (job,), queue="third")


@app.task(name="bare.third")
def third(job: str) -> None:
    _done().lpush(f"bare:done:{job}", 1)
