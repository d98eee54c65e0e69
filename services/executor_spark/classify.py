from arclight.contracts.failure import Failure
from arclight.sandbox.crash import Crash
from arclight.sandbox.run_program import Context


def classify(crash: Crash, context: Context) -> Failure | None:
    return None
