"""What the installation lets one run use at most, as limits that a request is held against."""

from arclight.contracts.limits import RunLimits
from arclight.runtime.settings import Settings


def ceiling(settings: Settings) -> RunLimits:
    """Every limit of the installation; none is None."""
    # Not validated: an operator may set less than what a request may ask for.
    return RunLimits.model_construct(
        memory=settings.run_memory,
        cores=settings.run_cores,
        wall=settings.run_timeout,
        output=settings.run_output,
        rows=settings.run_rows,
        log=settings.run_log,
    )
