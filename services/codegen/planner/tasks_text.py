"""Words and letters of a text that stands in the prompt, in quotes."""

from collections.abc import Sequence

from services.codegen.planner.plan import Task
from services.codegen.planner.tasks_form import Asked, Form, Found, asked, form, within

EXAMPLES = ("the word count of 'the cat and the dog'", "how many words are in 'to be or not to be'")

_RULE = "a word is a run of letters and digits, with apostrophes inside, in lower case"


def _text(found: Found) -> str:
    return found.said.texts[0]


def _words(found: Found) -> Asked:
    return asked(Task.WORD_COUNT, _text(found), 0, note=_RULE)


def _top(found: Found) -> Asked:
    top = within(found.number(), 1, 10**6, "A number of words of") if found.has("n") else 1
    return asked(Task.WORD_COUNT, _text(found), top, note=_RULE)


def _total(found: Found) -> Asked:
    return asked(Task.COUNT_WORDS, _text(found), note=_RULE)


def _letters(found: Found) -> Asked:
    return asked(Task.LETTER_COUNT, _text(found), note="letters and digits, in lower case")


def _characters(found: Found) -> Asked:
    return asked(Task.COUNT_CHARACTERS, _text(found), note="blanks and signs count too")


_IN = (
    r"(?:(?:in|from|text|sentence|phrase|string|word|following|on|:|appears?|occurs?|within|"
    r"with) )*"
)
_MOST = r"(?:most )?(?:common|frequent|used|frequently used|often used)"
FORMS: Sequence[Form] = (
    form(rf'(?:count )?wordfrequency {_IN}"', _words),
    form(rf'(?:first|top) (?P<n>#)(?: {_MOST})? words {_IN}"', _top),
    form(rf'(?P<n>#) {_MOST} words {_IN}"', _top),
    form(rf'{_MOST} (?P<n>#) words {_IN}"', _top),
    form(rf'(?P<n>)?(?:top|{_MOST}) words? {_IN}"', _top),
    form(rf'(?:count )?wordfrequency {_IN}" (?:,|and|top|first|with)* (?P<n>#)(?: words)?', _top),
    form(rf'wordtotal {_IN}"', _total),
    form(rf'(?:count )?letterfrequency {_IN}"', _letters),
    form(rf'(?:charactertotal) {_IN}"', _characters),
    form(rf'length {_IN}"', _characters),
)
