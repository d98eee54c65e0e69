"""One formula over many numbers, estimates with random numbers, and matrices, on Ray."""

from services.codegen.planner import plan as p
from services.codegen.planner.expression import Language, bits, code, named, value
from services.codegen.planner.expression import whole as is_whole
from services.codegen.planner.render.layout import statement
from services.codegen.planner.render.ray_task_numbers import contiguous
from services.codegen.planner.render.task_frame import Code, Holds, arrow, holds, lines, literals
from services.codegen.planner.render.task_size import (
    MAX_STR_DIGITS,
    chunks,
    numbers_of,
    range_code,
    range_of,
    reals,
    text,
    whole,
)

_VALUES = '''\
@ray.remote
def values_of(numbers: {given}) -> list[{gives}]:
    """{formula} for each x of one part of the numbers."""
    return [{code} for x in numbers]'''

_TOTAL = '''\
@ray.remote
def partial_sum(numbers: range) -> {gives}:
    """The sum of {formula} over one part of the numbers."""
    return {adds}({code} for x in numbers)'''

_GRID = '''\
@ray.remote
def row_of(x: int, ys: range) -> list[{gives}]:
    """{formula} for one x and each y."""
    return [{code} for y in ys]'''

_BLOCK = '''\
@ray.remote
def block(first: int, last: int, n: int) -> np.ndarray:
    """Rows first to last - 1 of the product of A[i][j] = i + j and B[i][j] = i - j."""
    i, j = np.arange(n)[:, None], np.arange(n)
    return (i + j)[first:last] @ (i - j)'''


# --- formulas ----------------------------------------------------------------------------------


def formula(node: p.Compute) -> Code:
    """A formula over a range, a list or a grid of numbers, or its sum."""
    match node.task:
        case p.Task.FORMULA_SUM:
            return _sum(node)
        case p.Task.FORMULA_GRID:
            return _grid(node)
        case p.Task.FORMULA_LIST:
            return _list(node)
        case _:
            return _range(node)


def kind_of(node: p.Compute, count: int = 1) -> tuple[bool, bool]:
    """Whether the values are whole, and whether `count` of them added fit into 64 bits."""
    ranges = {"x": (float(range_of(node, 1)[0]), float(range_of(node, 1)[1]))}
    formula = text(node, 0)
    whole_numbers = is_whole(formula, ranges)
    return whole_numbers, bits(formula, ranges) + count.bit_length() < 63


def _long(node: p.Compute) -> bool:
    ranges = {"x": (float(range_of(node, 1)[0]), float(range_of(node, 1)[1]))}
    return bits(text(node, 0), ranges) > 3.3 * MAX_STR_DIGITS


def _range(node: p.Compute) -> Code:
    whole_numbers, fits = kind_of(node)
    gives = "int" if whole_numbers else "float"
    written = code(text(node, 0), Language.PYTHON)
    function = _VALUES.format(
        given="range", gives=gives, formula=named(text(node, 0)), code=written
    )
    shown = "str(number)" if whole_numbers and not fits else "number"
    body = lines(
        *(["sys.set_int_max_str_digits(0)"] if whole_numbers and _long(node) else []),
        f"numbers = range({range_code(node, 1)})",
        *contiguous(),
        "tasks = [values_of.remote(part) for part in parts]",
        f"values = [{shown} for part in ray.get(tasks) for number in part]",
    )
    held = Holds.REAL if not whole_numbers else Holds.WHOLE if fits else Holds.TEXT
    columns = [("x", "numbers", Holds.WHOLE), ("value", "values", held)]
    return [function.splitlines()], body + arrow(columns)


def list_kind(node: p.Compute) -> tuple[Holds, Holds]:
    """What the numbers of a list and the formula's values hold."""
    numbers = reals(node, 1)
    of = holds(numbers)
    found = [value(text(node, 0), x=x) for x in numbers]
    if of is Holds.REAL or any(isinstance(v, float) for v in found):
        return of, Holds.REAL
    return of, Holds.WHOLE if max(map(abs, found)) < 2**63 else Holds.TEXT


def _list(node: p.Compute) -> Code:
    of, held = list_kind(node)
    gives = "float" if held is Holds.REAL else "int"
    given = "list[int]" if of is Holds.WHOLE else "list[float]"
    written = code(text(node, 0), Language.PYTHON)
    function = _VALUES.format(given=given, gives=gives, formula=named(text(node, 0)), code=written)
    shown = "str(number)" if held is Holds.TEXT else "number"
    body = statement("numbers = ", literals(reals(node, 1))) + lines(
        *contiguous(),
        "tasks = [values_of.remote(part) for part in parts]",
        f"values = [{shown} for part in ray.get(tasks) for number in part]",
    )
    return [function.splitlines()], body + arrow([("x", "numbers", of), ("value", "values", held)])


def _sum(node: p.Compute) -> Code:
    count = len(numbers_of(node, 1))
    whole_numbers, fits = kind_of(node, count)
    function = _TOTAL.format(
        gives="int" if whole_numbers else "float",
        formula=named(text(node, 0)),
        adds="sum" if whole_numbers else "math.fsum",
        code=code(text(node, 0), Language.PYTHON),
    )
    tasks = "ray.get([partial_sum.remote(part) for part in parts])"
    body = lines(
        *(["sys.set_int_max_str_digits(0)"] if whole_numbers and _long(node) else []),
        f"numbers = range({range_code(node, 1)})",
        *contiguous(),
        f"total = {'sum' if whole_numbers else 'math.fsum'}({tasks})",
    )
    if not whole_numbers:
        shown = ("[total]", Holds.REAL)
    else:
        shown = ("[total]", Holds.WHOLE) if fits else ("[str(total)]", Holds.TEXT)
    return [function.splitlines()], body + arrow([("sum", *shown)])


def _grid(node: p.Compute) -> Code:
    x1, x2, y1, y2 = (whole(node, i) for i in range(1, 5))
    whole_numbers = is_whole(text(node, 0), {"x": (x1, x2), "y": (y1, y2)})
    function = _GRID.format(
        gives="int" if whole_numbers else "float",
        formula=named(text(node, 0)),
        code=code(text(node, 0), Language.PYTHON),
    )
    body = lines(
        f"xs, ys = range({x1}, {x2 + 1}), range({y1}, {y2 + 1})",
        "rows = ray.get([row_of.remote(x, ys) for x in xs])",
    )
    held = Holds.WHOLE if whole_numbers else Holds.REAL
    columns = [
        ("x", "[x for x in xs for _ in ys]", Holds.WHOLE),
        ("y", "[y for _ in xs for y in ys]", Holds.WHOLE),
        ("value", "[number for row in rows for number in row]", held),
    ]
    return [function.splitlines()], body + arrow(columns)


# --- matrices ----------------------------------------------------------------------------------


def square_product(node: p.Compute) -> Code:
    """The product of two defined matrices, by blocks of rows."""
    n = whole(node, 0)
    body = lines(
        f"n, size = {n}, {max(1, -(-n // chunks(n, 500)))}",
        "parts = [block.remote(first, first + size, n) for first in range(0, n, size)]",
        "product = np.vstack(ray.get(parts))",
        "rows, columns = np.indices(product.shape)",
    )
    shown = [
        ("row", "rows.ravel()", Holds.WHOLE),
        ("column", "columns.ravel()", Holds.WHOLE),
        ("value", "product.ravel()", Holds.WHOLE),
    ]
    return [_BLOCK.splitlines()], body + arrow(shown)
