"""The edge: the validator's queue."""

from arclight.contracts.names import Queue
from arclight.runtime.consume import consumer
from services.validator.validate import validate

app = consumer(Queue.VALIDATOR, validate)
