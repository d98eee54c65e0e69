"""A request's limits against what the installation gives."""

from arclight.contracts.limits import RunLimits, told
from arclight.runtime.ceiling import ceiling
from arclight.runtime.settings import Settings
from services.gateway.problems import Place, ProblemError


def check_limits(asked: RunLimits, settings: Settings) -> None:
    """Raises ProblemError that names each limit above its ceiling, with both values."""
    most = ceiling(settings)
    places = [
        Place(
            detail=f"asks for {told(name, getattr(asked, name))};"
            f" at most {told(name, getattr(most, name))} can be had here",
            pointer=f"/limits/{name}",
        )
        for name in asked.above(most)
    ]
    if places:
        said = "; ".join(f"`{p['pointer'][1:].replace('/', '.')}` {p['detail']}" for p in places)
        raise ProblemError("LIMIT_ABOVE_CEILING", f"{said}.", errors=places)
