"""Statistics, sorting, words and small matrices: values that stand in the prompt."""

import math
from collections.abc import Callable, Mapping, Sequence

from services.codegen.planner import plan as p
from services.codegen.planner.render.columns import LONG
from services.codegen.planner.render.layout import Bracketed, Text, keyword, listed
from services.codegen.planner.render.task_frame import Holds, Plain, holds, literals
from services.codegen.planner.render.task_size import items, reals, text, whole
from services.codegen.planner.render.text import implicit

_STATISTIC = '''\
def {name}(numbers: list[{kind}]) -> {result}:
    """{says}"""
    return {code}'''

_SORT = '''\
def in_order(values: list[{kind}], descending: bool) -> list[{kind}]:
    """The values from {low} to {high}, or the other way round."""
    return sorted(values, {key}reverse=descending)'''

_COUNT = '''\
def count_words(text: str{top}) -> list[tuple[str, int]]:
    """How often each word occurs, most frequent first: letters and digits, lower-cased."""
    counts = Counter(re.findall(r"[^\\W_]+(?:'[^\\W_]+)*", text.lower()))
    return sorted(counts.items(), key=lambda item: (-item[1], item[0])){first}'''

_TOTAL = '''\
def number_of_words(text: str) -> int:
    """How many words there are: runs of letters and digits, with apostrophes inside."""
    return len(re.findall(r"[^\\W_]+(?:'[^\\W_]+)*", text))'''

_LETTERS = '''\
def count_letters(text: str) -> list[tuple[str, int]]:
    """How often each letter or digit occurs, most frequent first, in lower case."""
    counts = Counter(character for character in text.lower() if character.isalnum())
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))'''

_CHARACTERS = '''\
def number_of_characters(text: str) -> int:
    """How many characters there are, blanks and signs too."""
    return len(text)'''

_MATRIX = '''\
def product(left: list[list[{kind}]], right: list[list[{kind}]]) -> list[tuple[int, int, {kind}]]:
    """Row, column and value of each cell of the product, counted from 1."""
    columns = list(zip(*right, strict=True))
    return [
        (i, j, sum(a * b for a, b in zip(row, column, strict=True)))
        for i, row in enumerate(left, 1)
        for j, column in enumerate(columns, 1)
    ]'''

Make = Callable[[p.Compute], Plain]


def _kind(of: Holds) -> str:
    return {Holds.WHOLE: "int", Holds.REAL: "float", Holds.TEXT: "str"}.get(of, "object")


def _statistic(name: str, column: str, says: str, code: str) -> Make:
    """A statistic that is a fraction whatever the numbers are."""

    def make(node: p.Compute) -> Plain:
        numbers = reals(node, 0)
        kind = _kind(holds(numbers))
        function = _STATISTIC.format(name=name, kind=kind, result="float", says=says, code=code)
        return Plain(function, name, (literals(numbers),), ((column, Holds.REAL),))

    return make


def _spread(name: str, column: str) -> Make:
    def make(node: p.Compute) -> Plain:
        whole_group = whole(node, 1) == 0
        of = "the whole group" if whole_group else "a sample"
        what = name.replace("_", " ")
        function = {"standard_deviation": "stdev", "variance": "variance"}[name]
        code = f"float(statistics.{'p' if whole_group else ''}{function}(numbers))"
        return _statistic(name, column, f"The {what} of {of}.", code)(node)

    return make


def _total(name: str, column: str, says: str, code: str, real: str) -> Make:
    """A value that is whole when the numbers are."""

    def make(node: p.Compute) -> Plain:
        numbers = reals(node, 0)
        of = holds(numbers)
        kind = _kind(of)
        used = code if of is Holds.WHOLE else real
        function = _STATISTIC.format(name=name, kind=kind, result=kind, says=says, code=used)
        large = of is Holds.WHOLE and _magnitude(node.task, numbers) >= LONG
        column_of = Holds.TEXT if large else of
        return Plain(function, name, (literals(numbers),), ((column, column_of),), as_text=large)

    return make


def _magnitude(task: p.Task, numbers: Sequence[int | float]) -> float:
    """At least as large as the answer."""
    if task is p.Task.LIST_PRODUCT:
        return math.prod(max(abs(n), 1) for n in numbers)
    return sum(map(abs, numbers))


def _sort(node: p.Compute) -> Plain:
    values = items(node, 0)
    of = holds(values)
    words = of is Holds.TEXT
    function = _SORT.format(
        kind=_kind(of),
        low="A" if words else "the smallest",
        high="Z, whatever their case" if words else "the largest",
        key="key=str.casefold, " if words else "",
    )
    arguments = (literals(values), keyword("descending", repr(bool(whole(node, 1)))))
    return Plain(function, "in_order", arguments, (("value", of),), many=True)


def _text(node: p.Compute) -> tuple[str, ...]:
    return tuple(implicit("TEXT", _pieces(text(node, 0))))


def _pieces(said: str) -> list[str]:
    """The text cut after blanks, so that no line is too long."""
    words = said.split(" ")
    return [f"{w} " for w in words[:-1]] + words[-1:]


def _word_count(node: p.Compute) -> Plain:
    top = whole(node, 1)
    function = _COUNT.format(top=", top: int" if top else "", first="[:top]" if top else "")
    arguments = (Text("TEXT"), *([Text(str(top))] if top else []))
    columns = (("word", Holds.TEXT), ("count", Holds.WHOLE))
    return Plain(function, "count_words", arguments, columns, True, constants=_text(node))


def _of_text(function: str, name: str, *columns: tuple[str, Holds]) -> Make:
    def make(node: p.Compute) -> Plain:
        many = len(columns) > 1
        return Plain(function, name, (Text("TEXT"),), columns, many, constants=_text(node))

    return make


def _matrix(node: p.Compute) -> Plain:
    rows, inner, columns = whole(node, 0), whole(node, 1), whole(node, 3)
    left, right = reals(node, 2), reals(node, 4)
    of = holds((*left, *right))
    given = (_nested(left, rows, inner), _nested(right, inner, columns))
    shown = (("row", Holds.WHOLE), ("column", Holds.WHOLE), ("value", of))
    return Plain(_MATRIX.format(kind=_kind(of)), "product", given, shown, True)


def _nested(cells: Sequence[int | float], rows: int, columns: int) -> Bracketed:
    return listed([literals(cells[i * columns : (i + 1) * columns]) for i in range(rows)])


WORDS: Mapping[p.Task, Make] = {
    p.Task.LIST_SUM: _total("total", "sum", "Their sum.", "sum(numbers)", "math.fsum(numbers)"),
    p.Task.LIST_PRODUCT: _total(
        "product", "product", "Their product.", "math.prod(numbers)", "math.prod(numbers)"
    ),
    p.Task.LIST_MIN: _total(
        "smallest", "minimum", "The smallest of them.", "min(numbers)", "float(min(numbers))"
    ),
    p.Task.LIST_MAX: _total(
        "largest", "maximum", "The largest of them.", "max(numbers)", "float(max(numbers))"
    ),
    p.Task.LIST_MEAN: _statistic(
        "mean", "mean", "The arithmetic mean.", "float(statistics.mean(numbers))"
    ),
    p.Task.LIST_MEDIAN: _statistic(
        "median", "median", "The middle one, or the mean of both middle ones.",
        "float(statistics.median(numbers))",
    ),
    p.Task.LIST_STDDEV: _spread("standard_deviation", "stddev"),
    p.Task.LIST_VARIANCE: _spread("variance", "variance"),
    p.Task.SORT_LIST: _sort,
    p.Task.WORD_COUNT: _word_count,
    p.Task.COUNT_WORDS: _of_text(_TOTAL, "number_of_words", ("words", Holds.WHOLE)),
    p.Task.LETTER_COUNT: _of_text(
        _LETTERS, "count_letters", ("letter", Holds.TEXT), ("count", Holds.WHOLE)
    ),
    p.Task.COUNT_CHARACTERS: _of_text(
        _CHARACTERS, "number_of_characters", ("characters", Holds.WHOLE)
    ),
    p.Task.MATRIX_PRODUCT: _matrix,
}  # fmt: skip
