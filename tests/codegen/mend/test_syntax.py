"""Texts that Python cannot read."""

import pytest

from services.codegen.mend.mend import mend_text


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("if x == 1  # one\n    pass\n", None),
        ("for x in y\n    print(x)\n", "for x in y:\n    print(x)\n"),
        ("if x == 1  # one\n    y = 1\n", "if x == 1:  # one\n    y = 1\n"),
        ('print "total", x\n', 'print("total", x)\n'),
        ("x = f(1, (2)\n", "x = f(1, (2))\n"),
        ("x = “a”\n", 'x = "a"\n'),
        ("if x:\n        a = 1\n\tb = 2\n", "if x:\n        a = 1\n        b = 2\n"),
        ("def f()\n    print 'a'\n", "def f():\n    print('a')\n"),
    ],
)
def test_what_python_names_for_sure_is_mended(text: str, new: str | None) -> None:
    found = mend_text(text, ())

    expected = new or "if x == 1:  # one\n    pass\n"
    assert found is not None
    assert found.program == expected
    assert found.reason


@pytest.mark.parametrize(
    "text", ["x = = 1\n", "def (:\n", "\x00", "if True\n    x = = 2\n", "class\n", "“\n"]
)
def test_anything_else_is_left_alone(text: str) -> None:
    assert mend_text(text, ()) is None


def test_what_was_tried_is_not_offered_again() -> None:
    assert mend_text("print 1\n", ("print(1)\n",)) is None
