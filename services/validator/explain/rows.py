"""Sentences for what keeps, orders or drops rows."""

import ast

from services.validator.explain.asked import Asked
from services.validator.explain.source import code, listed, quoted
from services.validator.explain.tables import Engine


def keeps(asked: Asked) -> str:
    condition = asked.argument(0, "condition", "expr", "fn", "mask")
    columns = asked.keyword("items", "like", "regex")
    if columns is not None:
        return f"keep the columns {asked.listed(columns)}"
    if condition is None:
        return ""
    return f"keep {asked.rows} {where(asked, condition)}"


def where(asked: Asked, condition: ast.expr) -> str:
    """`where price > 100`, from an expression, a text of SQL or a function."""
    text = asked.text(condition)
    if text is not None:
        return f"where {code(text)}"
    match condition:
        case ast.Name(id=name) if name in asked.teller.facts.program.functions:
            return f"for which {name} is true"
    return f"where {asked.phrases.of(condition)}"


def masked(asked: Asked, key: ast.expr) -> str:
    """pandas' `frame[condition]` and `frame[["a", "b"]]`."""
    columns = asked.phrases.literal_list(key)
    if columns is None:
        return f"keep {asked.rows} where {asked.phrases.of(key)}"
    of = f" of {asked.label}" if asked.teller.tables.many else ""
    return f"take {listed(asked.phrases.columns(columns))}{of}"


def sorts(asked: Asked) -> str:
    keys = _keys(asked)
    return f"sort {asked.it} by {listed(keys)}" if keys else f"sort {asked.it}"


def _keys(asked: Asked) -> list[str]:
    named = asked.keyword("by", "key", "cols", "sorting")
    nodes = [named] if named is not None else asked.args
    if asked.engine is Engine.RAY and nodes:
        nodes = nodes[:1]
    found: list[str] = []
    for node in nodes:
        literal = asked.phrases.literal_list(node)
        found.extend(_key(asked, n) for n in (literal if literal is not None else [node]))
    return _turned(asked, found)


def _key(asked: Asked, node: ast.expr) -> str:
    match node:
        case ast.Tuple(elts=[column, ast.Constant(value=str(direction))]):
            down = " from high to low" if direction.startswith("desc") else ""
            return f"{asked.phrases.column(column)}{down}"
    return asked.phrases.column(node)


def _turned(asked: Asked, keys: list[str]) -> list[str]:
    """With the directions that `ascending` or `descending` give."""
    given, down_is = asked.keyword("ascending"), False
    if given is None:
        given, down_is = asked.keyword("descending"), True
    if given is None and asked.engine is Engine.RAY:
        given, down_is = asked.argument(1), True
    if given is None:
        return keys
    flags = asked.phrases.literal_list(given) or [given] * len(keys)
    return [_direction(k, f, down_is) for k, f in zip(keys, flags, strict=False)]


def _direction(key: str, flag: ast.expr, down_is: bool) -> str:
    match flag:
        case ast.Constant(value=value):
            return f"{key} from high to low" if bool(value) is down_is else key
    return f"{key} in a direction that depends on {quoted(flag)}"


def limits(asked: Asked) -> str:
    number = asked.argument(0, "n", "num", "limit")
    end = "last" if asked.attr in ("tail", "last") else "first"
    keep = "keep" if asked.attr == "limit" or asked.engine is Engine.PANDAS else "take"
    told = asked.phrases.of(number) if number is not None else ""
    if told == "1" or asked.attr in ("first", "last"):
        return f"{keep} the {end} row{asked.rows.removeprefix('the rows')}"
    return f"{keep} the {end} {f'{told} '.lstrip()}{asked.rows.removeprefix('the ')}"


def slices(asked: Asked) -> str:
    """Arrow's `table.slice(offset, length)`."""
    length, offset = asked.argument(1, "length"), asked.argument(0, "offset")
    count = f"{asked.phrases.of(length)} " if length is not None else ""
    if offset is None or (isinstance(offset, ast.Constant) and offset.value == 0):
        return f"keep the first {count}{asked.rows.removeprefix('the ')}"
    return f"keep {count}{asked.rows.removeprefix('the ')} from place {asked.phrases.of(offset)} on"


def largest(asked: Asked) -> str:
    number, column = asked.argument(0, "n"), asked.argument(1, "columns")
    if number is None:
        return ""
    end = "largest" if asked.attr == "nlargest" else "smallest"
    by = f" {asked.listed(column)}" if column is not None else " value"
    return f"keep the {asked.phrases.of(number)} {asked.rows[4:]} with the {end}{by}"


def distinct(asked: Asked) -> str:
    columns = asked.argument(0, "subset")
    if columns is not None:
        return f"keep one of {asked.rows} for each {asked.listed(columns)}"
    of = f" of {asked.label}" if asked.teller.tables.many else ""
    return f"keep each different row{of} once"


def drops_missing(asked: Asked) -> str:
    columns = asked.keyword("subset") or next(
        (a for a in asked.args if asked.phrases.literal_list(a) is not None), None
    )
    inside = f" in {asked.listed(columns)}" if columns is not None else ""
    return f"drop {asked.rows} with a missing value{inside}"


def fills_missing(asked: Asked) -> str:
    value = asked.argument(0, "value")
    return f"put {asked.phrases.of(value)} for missing values of {asked.it}" if value else ""


def describes(asked: Asked) -> str:
    return f"sum up {asked.it}: count, average, standard deviation, minimum, maximum"


def shuffles(asked: Asked) -> str:
    parts = " and split them" if asked.attr == "randomSplit" else ""
    return f"put {asked.rows} into a random order{parts}"


def samples(asked: Asked) -> str:
    return f"take a random sample of {asked.rows}"
