"""The edge: the validator's queue."""

from arclight.contracts.names import Queue
from arclight.runtime.consume import consumer
from arclight.runtime.settings import settings
from services.validator.select import selection_of
from services.validator.validate import validate

selection_of(settings())  # A wrong setting stops the service at its start, not at each job.
app = consumer(Queue.VALIDATOR, validate)
