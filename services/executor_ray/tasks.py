"""The edge: the Ray executor's queue."""

from arclight.contracts.names import Queue
from arclight.runtime.consume import consumer
from services.executor_ray.execute import execute

app = consumer(Queue.EXECUTOR_RAY, execute)
