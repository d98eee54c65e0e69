"""Prime numbers on Ray: a sieve over segments, one remote task each."""

from services.codegen.planner import plan as p
from services.codegen.planner.render.task_frame import Code, Holds, arrow, lines
from services.codegen.planner.render.task_size import CHUNKS, SEGMENT, chunks, prime_limit, whole

_GAP = 1000
"""No gap between primes below 10**12 is wider than 540."""

_SIEVE = '''\
def primes_between(low: int, high: int) -> list[int]:
    """The primes in [low, high), by a sieve over this segment."""
    candidate = bytearray([1]) * max(high - low, 0)
    for factor in range(2, math.isqrt(high) + 1):
        start = max(factor * factor, -(-low // factor) * factor)
        candidate[start - low :: factor] = bytes(len(range(start, high, factor)))
    return [low + i for i, prime in enumerate(candidate) if prime]'''

_COUNT = '''\
@ray.remote
def count_primes(low: int, high: int) -> int:
    """How many primes lie in [low, high)."""
    return len(primes_between(low, high))'''

_SUM = '''\
@ray.remote
def sum_primes(low: int, high: int) -> int:
    """The sum of the primes in [low, high)."""
    return sum(primes_between(low, high))'''

_DIVIDES = '''\
@ray.remote
def has_divisor(n: int, candidates: range) -> bool:
    """True when one of the candidates divides n."""
    return any(n % candidate == 0 for candidate in candidates)'''


def primes(node: p.Compute) -> Code:
    """Lists of primes and what is read off them."""
    match node.task:
        case p.Task.FIRST_PRIMES:
            count = whole(node, 0)
            return _listed(2, prime_limit(count), f"[:{count}]", _enough(count))
        case p.Task.PRIMES_BELOW:
            return _listed(2, max(whole(node, 0), 2))
        case p.Task.PRIMES_BETWEEN:
            return _listed(max(whole(node, 0), 2), max(whole(node, 1) + 1, 2))
        case p.Task.NTH_PRIME:
            return _nth(whole(node, 0))
        case p.Task.SUM_FIRST_PRIMES:
            return _first_sum(whole(node, 0))
        case p.Task.TWIN_PRIMES:
            return _twins(max(whole(node, 0), 2), max(whole(node, 1) + 1, 2))
        case p.Task.COUNT_PRIMES:
            return _folded(node, _COUNT, "count_primes", "count")
        case p.Task.SUM_PRIMES:
            return _folded(node, _SUM, "sum_primes", "sum")
        case p.Task.IS_PRIME:
            return _is_prime(whole(node, 0))
        case _:
            return _near(node)


def _sieve() -> list[str]:
    return ["@ray.remote", *_SIEVE.splitlines()]


def _enough(count: int) -> tuple[str, ...]:
    return (f"# At least {count} primes lie below {prime_limit(count)}.",)


def _segments(low: int, high: int, task: str) -> list[str]:
    """`parts`: one remote call of `task` per segment."""
    size = max(1, -(-(high - low) // chunks(high - low, SEGMENT)))
    return [
        f"limit, size = {high}, {size}",
        f"starts = range({low}, limit, size)",
        f"parts = [{task}.remote(low, min(low + size, limit)) for low in starts]",
    ]


def _all(low: int, high: int) -> list[str]:
    return [
        *_segments(low, high, "primes_between"),
        "primes = [prime for part in ray.get(parts) for prime in part]",
    ]


def _listed(low: int, high: int, first: str = "", why: tuple[str, ...] = ()) -> Code:
    code = [*why, *_all(low, high)]
    return [_sieve()], lines(*code) + arrow([("prime", f"primes{first}", Holds.WHOLE)])


def _nth(n: int) -> Code:
    code = lines(*_enough(n), *_all(2, prime_limit(n)))
    columns = [("n", f"[{n}]", Holds.WHOLE), ("prime", f"[primes[{n - 1}]]", Holds.WHOLE)]
    return [_sieve()], code + arrow(columns)


def _first_sum(count: int) -> Code:
    code = lines(*_enough(count), *_all(2, prime_limit(count)))
    return [_sieve()], code + arrow([("sum", f"[sum(primes[:{count}])]", Holds.WHOLE)])


def _twins(low: int, high: int) -> Code:
    code = lines(
        *_all(low, high),
        "found = set(primes)",
        "twins = [prime for prime in primes if prime + 2 in found]",
    )
    columns = [
        ("first", "twins", Holds.WHOLE),
        ("second", "[prime + 2 for prime in twins]", Holds.WHOLE),
    ]
    return [_sieve()], code + arrow(columns)


def _folded(node: p.Compute, function: str, name: str, column: str) -> Code:
    low, high = max(whole(node, 0), 2), max(whole(node, 1) + 1, 2)
    code = lines(*_segments(low, high, name))
    shown = arrow([(column, "[sum(ray.get(parts))]", Holds.WHOLE)])
    return [_SIEVE.splitlines(), function.splitlines()], code + shown


def _is_prime(n: int) -> Code:
    code = lines(
        f"n = {n}",
        "candidates = range(2, math.isqrt(n) + 1)",
        f"parts = [has_divisor.remote(n, candidates[i::{CHUNKS}]) for i in range({CHUNKS})]",
        "prime = n > 1 and not any(ray.get(parts))",
    )
    columns = [("n", "[n]", Holds.WHOLE), ("is prime", "[prime]", Holds.TRUTH)]
    return [_DIVIDES.splitlines()], code + arrow(columns)


def _near(node: p.Compute) -> Code:
    """The prime next to a number: it lies in a short segment."""
    number = whole(node, 0)
    if node.task is p.Task.LARGEST_PRIME:
        low, high, pick = max(2, number - _GAP), number, "primes[-1]"
    else:
        low, high, pick = max(2, number + 1), number + 1 + _GAP, "primes[0]"
    code = lines(
        "# No gap between two primes below 10**12 is wider than 540.",
        f"primes = ray.get(primes_between.remote({low}, {high}))",
    )
    return [_sieve()], code + arrow([("prime", f"[{pick}]", Holds.WHOLE)])
