"""Pieces of the program's text inside a sentence."""

import ast
from collections.abc import Iterable, Sequence

_MAX_NODES = 80
"""Nodes of an expression that is repeated as it stands; it also bounds how deep `unparse` goes."""
_MAX_TEXT = 120
"""Characters of one quoted piece."""
_MAX_LISTED = 12
"""Columns and the like that are listed one by one."""


def size(node: ast.AST, limit: int = _MAX_NODES) -> int:
    """The number of nodes, counted up to just above `limit`."""
    count, waiting = 0, [node]
    while waiting and count <= limit:
        count += 1
        waiting.extend(ast.iter_child_nodes(waiting.pop()))
    return count


def quoted(node: ast.AST) -> str:
    """The expression as it stands in the program, in back-quotes, or that it is too long for it."""
    if size(node) > _MAX_NODES:
        return "a longer expression"
    return code(ast.unparse(node))


def code(text: str) -> str:
    """Program text in back-quotes, on one line, cut when it is long."""
    line = " ".join(text.split())
    return f"`{line if len(line) <= _MAX_TEXT else line[: _MAX_TEXT - 1] + '…'}`"


def literal(value: object) -> str:
    """A constant as a sentence has it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value)
    return text if len(text) <= _MAX_TEXT else f"{text[: _MAX_TEXT - 1]}…"


def listed(parts: Iterable[str], last: str = ", ") -> str:
    """`a, b and 3 more`, or with `last` before the last part."""
    found = list(parts)
    more = len(found) - _MAX_LISTED
    if more > 1:
        return f"{', '.join(found[:_MAX_LISTED])} and {more} more"
    return _with_last(found, last)


def _with_last(parts: Sequence[str], last: str) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])}{last}{parts[-1]}"


def sentence(text: str) -> str:
    """With a capital letter and a full stop."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"
