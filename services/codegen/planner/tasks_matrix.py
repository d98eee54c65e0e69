"""Products of matrices: of literal ones, or of two defined ones of a given size."""

from collections.abc import Sequence

from services.codegen.planner.plan import Task
from services.codegen.planner.tasks_form import Asked, Form, Found, asked, form, refused, within
from services.codegen.planner.tasks_literals import Matrix

EXAMPLES = ("multiply [[1, 2], [3, 4]] by [[5, 6], [7, 8]]", "multiply two 100 x 100 matrices")

MAX_SIZE = 1000
"""The product of two such matrices has a million cells, each a sum of a thousand products."""


def _literal(found: Found) -> Asked:
    left, right = found.said.matrices
    for matrix in (left, right):
        if len({len(row) for row in matrix}) != 1:
            raise refused("The rows of a matrix differ in length.", "Write rows of equal length.")
    if len(left[0]) != len(right):
        raise refused(
            f"A matrix with {len(left[0])} columns cannot be multiplied by one with "
            f"{len(right)} rows.",
            "The columns of the first must be as many as the rows of the second.",
        )
    return asked(
        Task.MATRIX_PRODUCT,
        len(left),
        len(left[0]),
        _cells(left),
        len(right[0]),
        _cells(right),
        note="rows and columns are counted from 1",
    )


def _cells(matrix: Matrix) -> tuple[int | float, ...]:
    return tuple(cell for row in matrix for cell in row)


def _sized(found: Found) -> Asked:
    n = found.number()
    if found.has("m") and found.number("m") != n:
        raise refused(
            f"Two matrices of {n} by {found.number('m')} cannot be multiplied.",
            "Ask for square matrices, or write both out.",
        )
    within(n, 1, MAX_SIZE, "A matrix of size")
    return asked(
        Task.SQUARE_PRODUCT,
        n,
        note="no cells were given: took A[i][j] = i + j and B[i][j] = i - j, with i and j from 0",
    )


_MATRIX = r"(?:matrix|matrices)"
_TWO = r"(?:(?:# |two |square |random |mc |large )*)"
_SIZE = r"(?P<n>#)(?: (?:by|x|\*) (?P<m>#))?"
FORMS: Sequence[Form] = (
    form(rf"(?:matrix )?product (?:{_MATRIX} )?§ (?:(?:by|and|with|times|,|\*) )*§", _literal),
    form(rf"(?:{_MATRIX} )?§ (?:(?:by|times|x|\*|·|@|product|with) )+§", _literal),
    form(rf"(?:matrix )?product {_TWO}{_SIZE} {_MATRIX}", _sized),
    form(rf"(?:matrix )?product {_TWO}{_MATRIX} (?:size |with |dimension )*{_SIZE}", _sized),
    form(rf"product {_TWO}{_SIZE} {_MATRIX} (?:by|with|and) # by # {_MATRIX}", _sized),
    form(rf"{_SIZE} matrix product", _sized),
    form(rf"matrix product (?:size |with |dimension |{_MATRIX} )*{_SIZE}", _sized),
)
