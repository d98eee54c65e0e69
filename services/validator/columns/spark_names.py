"""Spark's way to write a column's name: dots divide, back-quotes hold together."""

import re

_PART = re.compile(r"`((?:[^`]|``)*)`|([^.`]+)")
_PLAIN = re.compile(r"[A-Za-z_]\w*")


def split_name(text: str) -> tuple[str, ...] | None:
    """The parts of a name; None for a text that Spark would refuse."""
    if "." not in text and "`" not in text:
        return (text,) if text else None
    parts: list[str] = []
    here = 0
    while here < len(text):
        found = _PART.match(text, here)
        if found is None:
            return None
        parts.append(found[2] if found[2] is not None else found[1].replace("``", "`"))
        here = found.end()
        if here < len(text):
            if text[here] != "." or here + 1 == len(text):
                return None
            here += 1
    return tuple(parts)


def quoted(name: str) -> str:
    """The name in back-quotes."""
    return "`" + name.replace("`", "``") + "`"


def in_string(name: str) -> str:
    """The name as `F.col` takes it."""
    return quoted(name) if "." in name or "`" in name else name


def in_sql(name: str) -> str:
    """The name as SQL takes it."""
    return name if _PLAIN.fullmatch(name) else quoted(name)
