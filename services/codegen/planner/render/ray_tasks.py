"""Computations and word counts on Ray: parts in remote tasks, combined at the end."""

from collections.abc import Callable, Mapping

from services.codegen.planner import plan as p
from services.codegen.planner.render import ray_task_chance as chance
from services.codegen.planner.render import ray_task_formula as formulas
from services.codegen.planner.render import ray_task_numbers as numbers
from services.codegen.planner.render.layout import call, statement
from services.codegen.planner.render.ray_task_primes import primes
from services.codegen.planner.render.task_frame import (
    Code,
    Holds,
    Plain,
    arrow,
    lines,
    literals,
)
from services.codegen.planner.render.task_plain import PLAIN
from services.codegen.planner.render.task_size import CHUNKS, items, text
from services.codegen.planner.render.text import quote

_WORDS = '''\
@ray.remote
def count_words(texts: pa.ChunkedArray) -> Counter[str]:
    """How often each word occurs: letters and digits, with apostrophes inside, lower-cased."""
    counts: Counter[str] = Counter()
    for text in texts.to_pylist():
        counts.update(re.findall(r"[^\\W_]+(?:'[^\\W_]+)*", (text or "").lower()))
    return counts'''

_MAP = '''\
@ray.remote
def {name}(word: str) -> {gives}:
    """{says}"""
    return {code}'''

_MAPS = {
    "reverse": ("reverse", "str", "The word from its end to its beginning.", "word[::-1]"),
    "upper": ("upper_case", "str", "The word in capitals.", "word.upper()"),
    "lower": ("lower_case", "str", "The word in small letters.", "word.lower()"),
    "length": ("length", "int", "The number of characters.", "len(word)"),
}

_PRIMES = (
    *(p.Task.FIRST_PRIMES, p.Task.PRIMES_BELOW, p.Task.PRIMES_BETWEEN, p.Task.NTH_PRIME),
    *(p.Task.COUNT_PRIMES, p.Task.SUM_PRIMES, p.Task.SUM_FIRST_PRIMES, p.Task.TWIN_PRIMES),
    *(p.Task.LARGEST_PRIME, p.Task.NEXT_PRIME, p.Task.IS_PRIME),
)


def task(node: p.Compute) -> Code:
    """The code of a computation."""
    if node.task in PLAIN:
        return _plain(PLAIN[node.task](node))
    return _WRITTEN[node.task](node)


def _plain(made: Plain) -> Code:
    value = call(f"{made.name}.remote", *made.arguments)
    variable = "rows" if len(made.columns) > 1 else "answers" if made.many else "answer"
    body = lines(*(["sys.set_int_max_str_digits(0)"] if made.unlimited else []))
    body += statement(f"{variable} = ", call("ray.get", value))
    if len(made.columns) == 1:
        name, held = made.columns[0]
        shown = "answers" if made.many else "[str(answer)]" if made.as_text else "[answer]"
        return made.code(remote=True), body + arrow([(name, shown, held)])
    columns = [
        (name, f"[row[{i}] for row in rows]", held) for i, (name, held) in enumerate(made.columns)
    ]
    return made.code(remote=True), body + arrow(columns)


def _map_words(node: p.Compute) -> Code:
    name, gives, says, code = _MAPS[text(node, 0)]
    function = _MAP.format(name=name, gives=gives, says=says, code=code)
    body = statement("words = ", literals(items(node, 1))) + lines(
        f"results = ray.get([{name}.remote(word) for word in words])"
    )
    held = Holds.WHOLE if gives == "int" else Holds.TEXT
    columns = [("word", "words", Holds.TEXT), ("result", "results", held)]
    return [function.splitlines()], body + arrow(columns)


def count_words(below: str, column: str, top: int | None) -> Code:
    """The code that counts the words of one column of the table behind the reference `below`."""
    first = "" if top is None else f"[:{top}]"
    body = lines(
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
    return [_WORDS.splitlines()], body


_WRITTEN: Mapping[p.Task, Callable[[p.Compute], Code]] = {
    **dict.fromkeys(_PRIMES, primes),
    p.Task.RANGE_SUM: numbers.range_sum,
    p.Task.RANGE_MEAN: numbers.range_mean,
    p.Task.RANGE_PRODUCT: numbers.range_product,
    p.Task.NUMBERS: numbers.numbers,
    p.Task.MULTIPLES: numbers.multiples,
    p.Task.MULTIPLES_SUM: numbers.multiples,
    p.Task.MULTIPLES_COUNT: numbers.multiples,
    p.Task.FIBONACCI: numbers.fibonacci,
    p.Task.FACTORIAL: numbers.factorial,
    p.Task.DIVISORS: numbers.divisors,
    p.Task.COUNT_DIVISORS: numbers.divisors,
    p.Task.SUM_DIVISORS: numbers.divisors,
    p.Task.PERFECT_NUMBERS: numbers.perfect_numbers,
    p.Task.LONGEST_COLLATZ: numbers.longest_collatz,
    p.Task.FORMULA_SUM: formulas.formula,
    p.Task.FORMULA_RANGE: formulas.formula,
    p.Task.FORMULA_LIST: formulas.formula,
    p.Task.FORMULA_GRID: formulas.formula,
    p.Task.MONTE_CARLO_PI: chance.pi,
    p.Task.MONTE_CARLO_INTEGRAL: chance.integral,
    p.Task.DICE_COUNTS: chance.dice,
    p.Task.DICE_MEAN: chance.dice,
    p.Task.DICE_CHANCE: chance.dice,
    p.Task.COIN_FLIPS: chance.coin,
    p.Task.MAP_WORDS: _map_words,
    p.Task.SQUARE_PRODUCT: formulas.square_product,
}
