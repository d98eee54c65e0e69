"""Estimates with random numbers on Ray: each part draws with a seed of its own."""

from services.codegen.planner import plan as p
from services.codegen.planner.expression import Language, code, named
from services.codegen.planner.render.task_frame import Code, Holds, arrow, lines
from services.codegen.planner.render.task_size import (
    POINTS,
    chunks,
    real,
    seed_of,
    text,
    whole,
)

_PI = '''\
@ray.remote
def hits(samples: int, seed: list[int]) -> int:
    """How many random points of the unit square fall inside the quarter circle."""
    x, y = np.random.default_rng(seed).random((2, samples))
    return int(np.count_nonzero(x * x + y * y <= 1))'''

_INTEGRAL = '''\
@ray.remote
def total(samples: int, seed: list[int]) -> float:
    """The sum of {formula} at random points between {low} and {high}."""
    x = {low} + {width} * np.random.default_rng(seed).random(samples)
    return float(np.sum({code}))'''

_DICE = '''\
def thrown(samples: int, seed: list[int]) -> np.ndarray:
    """Totals of {dice} with {sides} sides."""
    numbers = np.random.default_rng(seed).integers(1, {above}, ({count}, samples))
    return numbers.sum(axis=0)'''

_DICE_COUNTS = '''\
@ray.remote
def counts(samples: int, seed: list[int]) -> Counter[int]:
    """How often each total was thrown."""
    return Counter(thrown(samples, seed).tolist())'''

_DICE_SUM = '''\
@ray.remote
def total(samples: int, seed: list[int]) -> int:
    """The sum of all totals."""
    return int(thrown(samples, seed).sum())'''

_DICE_HITS = '''\
@ray.remote
def hits(samples: int, seed: list[int]) -> int:
    """How many totals lie between {low} and {high}."""
    totals = thrown(samples, seed)
    return int(np.count_nonzero((totals >= {low}) & (totals <= {high})))'''

_HEADS = '''\
@ray.remote
def heads(samples: int, seed: list[int]) -> int:
    """How many of the flips show heads."""
    return int(np.random.default_rng(seed).integers(0, 2, samples).sum())'''


def _sizes(samples: int) -> list[str]:
    """`sizes`: samples of each task."""
    return [
        f"samples, tasks = {samples}, {chunks(samples, POINTS)}",
        "sizes = [samples // tasks + (i < samples % tasks) for i in range(tasks)]",
    ]


def _drawn(task: str, seed: int) -> str:
    return f"parts = [{task}.remote(size, [{seed}, i]) for i, size in enumerate(sizes)]"


def pi(node: p.Compute) -> Code:
    """Pi, from points in a square."""
    body = lines(
        *_sizes(whole(node, 0)),
        _drawn("hits", seed_of(node)),
        "pi = 4 * sum(ray.get(parts)) / samples",
    )
    columns = [("samples", "[samples]", Holds.WHOLE), ("pi", "[pi]", Holds.REAL)]
    return [_PI.splitlines()], body + arrow(columns)


def integral(node: p.Compute) -> Code:
    """An integral: the mean of the formula at random points, times the width."""
    low, high = real(node, 1), real(node, 2)
    written = code(text(node, 0), Language.NUMPY)
    function = _INTEGRAL.format(
        formula=named(text(node, 0)), low=low, high=high, width=_difference(high, low), code=written
    )
    body = lines(
        *_sizes(whole(node, 3)),
        _drawn("total", whole(node, 4)),
        f"integral = {_difference(high, low)} * math.fsum(ray.get(parts)) / samples",
    )
    columns = [("samples", "[samples]", Holds.WHOLE), ("integral", "[integral]", Holds.REAL)]
    return [function.splitlines()], body + arrow(columns)


def _difference(high: int | float, low: int | float) -> str:
    return f"({high} - {low})" if low >= 0 else f"({high} + {-low})"


def dice(node: p.Compute) -> Code:
    """Totals of dice: how often each, their mean, or how likely some are."""
    count, sides = whole(node, 0), whole(node, 1)
    seed, samples = whole(node, len(node.args) - 1), whole(node, len(node.args) - 2)
    named = "one die" if count == 1 else f"{count} dice"
    thrown = _DICE.format(dice=named, sides=sides, above=sides + 1, count=count).splitlines()
    start = _sizes(samples)
    held = ("samples", "[samples]", Holds.WHOLE)
    match node.task:
        case p.Task.DICE_COUNTS:
            body = lines(
                *start,
                _drawn("counts", seed),
                "totals = sorted(sum(ray.get(parts), Counter()).items())",
            )
            columns = [
                ("total", "[total for total, _ in totals]", Holds.WHOLE),
                ("count", "[count for _, count in totals]", Holds.WHOLE),
            ]
            return [thrown, _DICE_COUNTS.splitlines()], body + arrow(columns)
        case p.Task.DICE_MEAN:
            body = lines(*start, _drawn("total", seed), "mean = sum(ray.get(parts)) / samples")
            function, shown = _DICE_SUM, ("mean", "[mean]", Holds.REAL)
        case _:
            low, high = whole(node, 2), whole(node, 3)
            function = _DICE_HITS.format(low=low, high=high)
            body = lines(*start, _drawn("hits", seed), "chance = sum(ray.get(parts)) / samples")
            shown = ("probability", "[chance]", Holds.REAL)
    return [thrown, function.splitlines()], body + arrow([held, shown])


def coin(node: p.Compute) -> Code:
    """How many flips of a coin show heads."""
    body = lines(
        *_sizes(whole(node, 0)), _drawn("heads", whole(node, 1)), "found = sum(ray.get(parts))"
    )
    columns = [
        ("samples", "[samples]", Holds.WHOLE),
        ("heads", "[found]", Holds.WHOLE),
        ("share", "[found / samples]", Holds.REAL),
    ]
    return [_HEADS.splitlines()], body + arrow(columns)
