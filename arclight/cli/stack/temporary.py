"""A stack for the duration of one command."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from arclight.cli.signals import Interrupts
from arclight.cli.stack.display import Display
from arclight.cli.stack.plan import free_port, names
from arclight.cli.stack.stack import Stack
from arclight.cli.term import Terminal
from arclight.client import Client
from arclight.runtime.settings import Settings


@contextmanager
def temporary_stack(settings: Settings, term: Terminal) -> Iterator[Client]:
    """A client for a stack that starts now and ends with the block, Ctrl-C included."""
    if "port" not in settings.model_fields_set:
        # Nobody needs to know the address, so it must not collide with anything.
        settings = settings.model_copy(update={"port": free_port()})
    display = Display(term, names(flower=False))
    stack = Stack(settings, display)
    over = threading.Event()
    with Interrupts(raising=True) as interrupts:
        stack.start()
        display.settle()
        keeper = threading.Thread(target=stack.run, args=(over.is_set,), name="stack")
        keeper.start()
        try:
            with Client(stack.url, stack.home.api_key() or "") as client:
                yield client
        finally:
            interrupts.raising = False
            already = interrupts.count
            over.set()
            keeper.join()
            term.say("Stopping the temporary stack.")
            stack.stop(lambda: interrupts.count > already)
