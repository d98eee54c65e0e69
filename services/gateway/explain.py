"""GET /problems/…: where the `type` of a problem leads."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.types import Scope

from arclight.contracts.base import Frozen
from services.gateway.problem_types import BY_SLUG, PROBLEMS, ProblemType
from services.gateway.problems import ProblemError, address_of
from services.gateway.responses import problem_of_status

router = APIRouter(prefix="/problems", tags=["problems"])


class ProblemDescription(Frozen):
    """What a problem type means."""

    type: str
    code: str
    status: int
    title: str
    meaning: str
    hint: str


@router.get("", operation_id="listProblems", summary="All problem types")
async def list_problems(request: Request) -> list[ProblemDescription]:
    """Every type of problem that the API answers with."""
    return [_described(kind, request.scope) for kind in PROBLEMS.values()]


@router.get(
    "/{code}",
    operation_id="getProblem",
    summary="What a problem type means",
    responses={404: problem_of_status(404), 422: problem_of_status(422)},
)
async def get_problem(
    request: Request, code: Annotated[str, Path(description="Its code in kebab-case.")]
) -> ProblemDescription:
    """The page that the `type` of a problem points to."""
    kind = BY_SLUG.get(code)
    if kind is None:
        raise ProblemError(
            "ROUTE_NOT_FOUND",
            f"No problem type is called {code!r}.",
            hint="GET /problems lists them all.",
        )
    return _described(kind, request.scope)


def _described(kind: ProblemType, scope: Scope) -> ProblemDescription:
    return ProblemDescription(
        type=address_of(kind, scope),
        code=kind.code,
        status=kind.status,
        title=kind.title,
        meaning=kind.meaning,
        hint=kind.hint,
    )
