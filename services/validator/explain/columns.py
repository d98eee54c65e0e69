"""Sentences for what takes, computes, renames or leaves out columns."""

import ast
from collections.abc import Iterable, Iterator

from services.validator.explain.asked import Asked, Teller
from services.validator.explain.source import listed, quoted


def own_function(teller: Teller, call: ast.Call, name: str) -> str:
    """A function of the program that makes a table of a table: with the columns that it is given
    in a dictionary."""
    tables = [a for a in call.args if teller.tables.engine(a) is not None]
    if not tables:
        return ""
    to = teller.label(tables[0]) if teller.tables.many else "the rows"
    pairs = [
        f"{teller.phrases.column(key)} = {teller.phrases.of(value)}"
        for given in call.args
        if isinstance(given, ast.Dict)
        for key, value in zip(given.keys, given.values, strict=True)
        if key is not None
    ]
    columns = f", with {listed(pairs)}" if pairs else ""
    return f"apply the program's function {name} to {to}{columns}"


def takes(asked: Asked) -> str:
    """`select`: columns as they stand, and those that are computed."""
    given = asked.keyword("cols", "columns")
    nodes = list(_flat(asked, [given] if given is not None else asked.args))
    plain: list[str] = []
    computed: list[str] = []
    for node in nodes:
        named = asked.phrases.named(node)
        if named is None:
            plain.append(asked.phrases.column(node))
        elif (told := asked.phrases.column(named[1])) == named[0]:
            plain.append(told)
        else:
            computed.append(f"{named[0]} = {told}")
    parts = [f"take {listed(_whole(plain))}"] if plain else []
    parts += [f"compute {listed(computed)}"] if computed else []
    of = f" of {asked.label}" if asked.teller.tables.many else ""
    return f"{' and '.join(parts)}{of}" if parts else ""


def _whole(columns: list[str]) -> list[str]:
    return ["every column" if c == "*" else c for c in columns]


def _flat(asked: Asked, nodes: Iterable[ast.expr]) -> Iterator[ast.expr]:
    for node in nodes:
        literal = asked.phrases.literal_list(node)
        if literal is not None:
            yield from literal
        else:
            yield node


def computes(asked: Asked) -> str:
    """`withColumn(name, expression)` and `add_column`."""
    name, value = asked.argument(0, "colName", "col"), asked.argument(1, "col", "fn", "expr")
    if name is None or value is None:
        return ""
    return _computed(asked, [(asked.text(name) or quoted(name), value)])


def replaces(asked: Asked) -> str:
    """Arrow's `table.set_column(place, name, values)`."""
    name, value = asked.argument(1, "field_"), asked.argument(2, "column")
    if name is None or value is None:
        return ""
    return _computed(asked, [(asked.text(name) or quoted(name), value)])


def computes_many(asked: Asked) -> str:
    """`withColumns({name: expression})` and pandas' `assign(name=…)`."""
    pairs = [(k.arg, k.value) for k in asked.keywords if k.arg and k.arg != "colsMap"]
    given = asked.argument(0, "colsMap")
    if isinstance(given, ast.Dict):
        pairs += [
            (asked.text(k) or quoted(k), v)
            for k, v in zip(given.keys, given.values, strict=True)
            if k is not None
        ]
    return _computed(asked, pairs)


def _computed(asked: Asked, pairs: list[tuple[str, ast.expr]]) -> str:
    if not pairs:
        return ""
    told = listed(f"{name} = {asked.phrases.of(value)}" for name, value in pairs)
    of = f" of {asked.label}" if asked.teller.tables.many else ""
    return f"compute {told}{of}"


def casts(asked: Asked) -> str:
    """Arrow's `table.cast(schema)`."""
    of = f" of {asked.label}" if asked.teller.tables.many else ""
    return f"give the columns{of} the types of {quoted(asked.args[0])}" if asked.args else ""


def leaves_out(asked: Asked) -> str:
    nodes = asked.args or [k.value for k in asked.keywords if k.arg in ("columns", "cols")]
    columns = asked.phrases.columns(nodes)
    return f"leave out {listed(columns)}" if columns else ""


def renames(asked: Asked) -> str:
    given = asked.argument(0, "columns", "colsMap", "names")
    if isinstance(given, ast.Dict):
        pairs = zip(given.keys, given.values, strict=True)
        told = [f"{asked.phrases.column(k)} to {asked.phrases.column(v)}" for k, v in pairs if k]
        return f"rename {listed(told)}"
    if given is not None and asked.phrases.literal_list(given) is not None:
        return f"name the columns {asked.listed(given)}"
    if asked.attr in ("withColumnRenamed", "rename_columns") and len(asked.args) == 2:
        old, new = map(asked.phrases.column, asked.args)
        return f"rename {old} to {new}"
    if asked.attr == "toDF" and asked.args:
        return f"name the columns {listed(asked.phrases.columns(asked.args))}"
    return ""
