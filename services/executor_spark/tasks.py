"""The edge: the Spark executor's queue."""

from arclight.contracts.names import Queue
from arclight.runtime.consume import consumer
from services.executor_spark.execute import execute

app = consumer(Queue.EXECUTOR_SPARK, execute)
