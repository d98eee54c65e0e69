"""Numeric tasks and word counts on Ray: chunks in remote tasks, combined at the end."""

from services.codegen.planner import plan as p
from services.codegen.planner.render.task_size import (
    CHUNKS,
    MAX_STR_DIGITS,
    POINTS,
    SEGMENT,
    chunks,
    digits,
    fits_long,
    indexes,
    prime_limit,
    range_of,
    seed_of,
    too_many_to_add,
)
from services.codegen.planner.render.text import quote

Code = tuple[list[list[str]], list[str]]
"""Functions of the module, statements of main(); the answer is in `result`, a table."""

_SIEVE = '''\
@ray.remote
def primes_between(low: int, high: int) -> list[int]:
    """The primes in [low, high), by a sieve over this segment."""
    candidate = bytearray([1]) * max(high - low, 0)
    for factor in range(2, math.isqrt(high) + 1):
        start = max(factor * factor, -(-low // factor) * factor)
        candidate[start - low :: factor] = bytes(len(range(start, high, factor)))
    return [low + i for i, prime in enumerate(candidate) if prime]'''

_SUM = '''\
@ray.remote
def partial_sum(numbers: range) -> int:
    """The sum of one part of the range."""
    return sum(numbers)'''

_PI = '''\
@ray.remote
def hits(samples: int, seed: list[int]) -> int:
    """How many random points of the unit square fall inside the quarter circle."""
    x, y = np.random.default_rng(seed).random((2, samples))
    return int(np.count_nonzero(x * x + y * y <= 1))'''

_FIBONACCI = '''\
@ray.remote
def fibonacci(first: int, last: int) -> list[int]:
    """F(first) to F(last), with F(0) = 0 and F(1) = 1."""
    a, b = 0, 1
    for _ in range(first):
        a, b = b, a + b
    numbers = []
    for _ in range(first, last + 1):
        numbers.append(a)
        a, b = b, a + b
    return numbers'''

_PRODUCT = '''\
@ray.remote
def product(numbers: range) -> int:
    """The product of one part of the factors."""
    return math.prod(numbers)'''

_WORDS = '''\
@ray.remote
def count_words(texts: pa.ChunkedArray) -> Counter[str]:
    """How often each word occurs: letters and digits, with apostrophes inside, lower-cased."""
    counts: Counter[str] = Counter()
    for text in texts.to_pylist():
        counts.update(re.findall(r"[^\\W_]+(?:'[^\\W_]+)*", (text or "").lower()))
    return counts'''


def task(node: p.Compute) -> Code:
    """The code of a numeric task."""
    match node.task:
        case p.Task.FIRST_PRIMES:
            return _primes(prime_limit(node.args[0]), node.args[0])
        case p.Task.PRIMES_BELOW:
            return _primes(max(node.args[0], 2), None)
        case p.Task.RANGE_SUM:
            return [] if too_many_to_add(node.args) else [_SUM.splitlines()], _range_sum(node)
        case p.Task.MONTE_CARLO_PI:
            return [_PI.splitlines()], _pi(node.args[0], seed_of(node.args))
        case p.Task.FIBONACCI:
            return [_FIBONACCI.splitlines()], _fibonacci(node)
        case p.Task.FACTORIAL:
            return [_PRODUCT.splitlines()], _factorial(node)


def count_words(below: str, column: str, top: int | None) -> Code:
    """The code that counts the words of one column of the table behind the reference `below`."""
    first = "" if top is None else f"[:{top}]"
    lines = _lines(
        f"texts = ray.get({below})[{quote(column)}]",
        f"size = max(1, -(-len(texts) // {CHUNKS}))",
        "parts = [texts.slice(start, size) for start in range(0, len(texts), size)]",
        "counts: Counter[str] = Counter()",
        "for part in ray.get([count_words.remote(part) for part in parts]):",
        "    counts.update(part)",
        "ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))" + first,
        "words = pa.array([word for word, _ in ranked], pa.string())",
        "numbers = pa.array([count for _, count in ranked], pa.int64())",
        'result = pa.table({"word": words, "count": numbers})',
    )
    return [_WORDS.splitlines()], lines


def _lines(*code: str) -> list[str]:
    return ["    " + line for line in code]


def _primes(limit: int, count: int | None) -> Code:
    first = "" if count is None else f"[:{count}]"
    why = [] if count is None else [f"# At least {count} primes lie below {limit}."]
    lines = _lines(
        *why,
        f"limit, size = {limit}, {max(1, -(-limit // chunks(limit, SEGMENT)))}",
        "starts = range(2, limit, size)",
        "parts = [primes_between.remote(low, min(low + size, limit)) for low in starts]",
        "primes = [prime for part in ray.get(parts) for prime in part]",
        f'result = pa.table({{"prime": pa.array(primes{first}, pa.int64())}})',
    )
    return [_SIEVE.splitlines()], lines


def _range_sum(node: p.Compute) -> list[str]:
    first, last, step = range_of(node.args)
    if too_many_to_add(node.args):
        return _gauss(node)
    end = last + (1 if step > 0 else -1)
    stepped = f", {step}" if step != 1 else ""
    value = "[total], pa.int64()" if fits_long(node) else "[str(total)], pa.string()"
    return _lines(
        f"numbers = range({first}, {end}{stepped})",
        f"parts = [numbers[i::{CHUNKS}] for i in range({CHUNKS})]",
        "total = sum(ray.get([partial_sum.remote(part) for part in parts]))",
        f'result = pa.table({{"sum": pa.array({value})}})',
    )


def _gauss(node: p.Compute) -> list[str]:
    first, last, step = range_of(node.args)
    value = "[total], pa.int64()" if fits_long(node) else "[str(total)], pa.string()"
    return _lines(
        "# Too many numbers to add one by one: Gauss's formula gives their sum.",
        f"numbers = range({first}, {last + (1 if step > 0 else -1)}, {step})",
        "total = (numbers[0] + numbers[-1]) * len(numbers) // 2",
        f'result = pa.table({{"sum": pa.array({value})}})',
    )


def _pi(samples: int, seed: int) -> list[str]:
    return _lines(
        f"samples, tasks = {samples}, {chunks(samples, POINTS)}",
        "sizes = [samples // tasks + (i < samples % tasks) for i in range(tasks)]",
        f"parts = [hits.remote(size, [{seed}, i]) for i, size in enumerate(sizes)]",
        "pi = 4 * sum(ray.get(parts)) / samples",
        'result = pa.table({"samples": [samples], "pi": [pi]})',
    )


def _unlimited(node: p.Compute) -> list[str]:
    return ["sys.set_int_max_str_digits(0)"] if digits(node) >= MAX_STR_DIGITS else []


def _fibonacci(node: p.Compute) -> list[str]:
    first, last = indexes(node.args)
    values = "numbers, pa.int64()" if fits_long(node) else "texts, pa.string()"
    texts = [] if fits_long(node) else ["texts = [str(number) for number in numbers]"]
    return _lines(
        *_unlimited(node),
        f"indexes = range({first}, {last + 1})" if first else f"indexes = range({last + 1})",
        f"size = max(1, -(-len(indexes) // {CHUNKS}))",
        "parts = [indexes[i : i + size] for i in range(0, len(indexes), size)]",
        "tasks = [fibonacci.remote(part[0], part[-1]) for part in parts]",
        "numbers = [number for part in ray.get(tasks) for number in part]",
        *texts,
        f'result = pa.table({{"n": list(indexes), "fibonacci": pa.array({values})}})',
    )


def _factorial(node: p.Compute) -> list[str]:
    n = node.args[0]
    value = "[value], pa.int64()" if fits_long(node) else "[str(value)], pa.string()"
    return _lines(
        *_unlimited(node),
        f"factors = range(1, {n + 1})",
        f"parts = [product.remote(factors[i::{CHUNKS}]) for i in range({CHUNKS})]",
        "value = math.prod(ray.get(parts))",
        f'result = pa.table({{"n": [{n}], "factorial": pa.array({value})}})',
    )
