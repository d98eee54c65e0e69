"""Numbers and words that stand in the prompt: statistics, sorting, a function of each word."""

from collections.abc import Sequence

from services.codegen.planner.plan import Task
from services.codegen.planner.tasks_form import (
    LIST,
    TEXTS,
    Asked,
    Form,
    Found,
    asked,
    form,
    refused,
)

EXAMPLES = ("the mean of 3, 4 and 5", "sort 5, 3, 9, 1", "reverse the words 'apple', 'pear'")

_TASKS = {
    "sum": Task.LIST_SUM,
    "product": Task.LIST_PRODUCT,
    "mean": Task.LIST_MEAN,
    "median": Task.LIST_MEDIAN,
    "smallest": Task.LIST_MIN,
    "largest": Task.LIST_MAX,
}
_SPREADS = {"stddev": Task.LIST_STDDEV, "variance": Task.LIST_VARIANCE}
_MAPS = {
    "reverse": "reverse",
    "reversed": "reverse",
    "uppercase": "upper",
    "upper case": "upper",
    "upper": "upper",
    "capitals": "upper",
    "lowercase": "lower",
    "lower case": "lower",
    "lower": "lower",
    "length": "length",
    "lengths": "length",
    "lettertotal": "length",
    "charactertotal": "length",
}


def _statistic(found: Found) -> Asked:
    return asked(_TASKS[found.match["how"]], found.reals("list"))


def _spread(found: Found) -> Asked:
    whole = found.match["whole"] == "population"
    note = "" if found.has("whole") else "of a sample: divided by one less than the count"
    return asked(_SPREADS[found.match["how"]], found.reals("list"), 0 if whole else 1, note=note)


def _sort(found: Found) -> Asked:
    return asked(Task.SORT_LIST, found.reals("list"), _descending(found))


def _sort_words(found: Found) -> Asked:
    words = found.said.texts
    if len(words) < 2:
        raise refused("There is only one text to sort.", "Separate the words by commas.")
    return asked(Task.SORT_LIST, words, _descending(found))


def _descending(found: Found) -> int:
    return int("descending" in found.match[0])


def _map(found: Found) -> Asked:
    letters = found.match["how"] == "lettertotal"
    if letters and not all(text.isalpha() for text in found.said.texts):
        raise refused("There are other characters than letters.", "Ask for its characters.")
    return asked(Task.MAP_WORDS, _MAPS[found.match["how"]], found.said.texts)


_LISTED = r"(?:(?:numbers|list|data|series|set|sample|:|=) )*"
_WORDS = r"(?:(?:words?|strings?|names?|list|texts?|:|=) )*"
_HOW = rf"(?P<how>{'|'.join(sorted(_MAPS, key=len, reverse=True))})"
_ORDER = r"(?:(?:ascending|descending|order|from) )*"
_AFTER = r"(?: (?:ascending|descending|order|from))*"
FORMS: Sequence[Form] = (
    form(rf"(?P<how>{'|'.join(_TASKS)}) {_LISTED}{LIST}", _statistic, weak=True),
    form(
        rf"(?:(?P<whole>sample|population) )?(?P<how>stddev|variance) {_LISTED}{LIST}",
        _spread,
        weak=True,
    ),
    form(rf"(?:sort|order|rank) {_ORDER}{_LISTED}{_ORDER}{LIST}{_AFTER}", _sort, weak=True),
    form(
        rf"(?:sort|order|alphabetize) {_ORDER}{_WORDS}{_ORDER}{_WORDS}{TEXTS}{_AFTER}",
        _sort_words,
    ),
    form(rf"{_HOW} {_WORDS}{TEXTS}", _map),
    form(rf"(?:convert|turn|change|transform|map|make) {_WORDS}{TEXTS} to {_HOW}", _map),
    form(rf"(?:put|write )?{_WORDS}{TEXTS} (?:to |in )?{_HOW}", _map),
)
