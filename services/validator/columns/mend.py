"""From a miss and the name that is meant to a replacement of text."""

import ast

from arclight.contracts.finding import Fix
from services.validator.columns.miss import Ref, Style
from services.validator.columns.spark_names import in_sql, quoted, split_name


def fix_of(ref: Ref, name: str) -> Fix | None:
    """The change that writes `name` where `ref` stands; None where that is not one stretch."""
    if ref.style is Style.ATTRIBUTE:
        return _attribute(ref.at, name)
    literal = ref.literal
    if literal is None or not isinstance(literal.value, str):
        return None
    text = literal.value
    start, end = ref.span or (0, len(text))
    if ref.span is None and ref.style is not Style.SPARK and text != ref.name:
        return None
    changed = text[:start] + _written(ref, name) + text[end:]
    return _replaced(literal, literal_text(changed))


def _written(ref: Ref, name: str) -> str:
    qualified = name.rpartition(".")[0] if len(ref.parts) > 1 else ""
    match ref.style:
        case Style.SPARK if not qualified:
            return quoted(name) if "." in name or "`" in name else name
        case Style.SQL if not qualified:
            return in_sql(name) if split_name(name) == (name,) else quoted(name)
    return name


def literal_text(text: str) -> str:
    """A string literal as these programs write it."""
    if "\n" in text and '"""' not in text and "\\" not in text and not text.endswith('"'):
        return f'"""{text}"""'
    plain = text.isprintable() and '"' not in text and "\\" not in text
    return f'"{text}"' if plain else repr(text)


def _replaced(node: ast.expr, text: str) -> Fix | None:
    if node.end_lineno is None or node.end_col_offset is None:
        return None
    return Fix(
        line=node.lineno,
        column=node.col_offset,
        end_line=node.end_lineno,
        end_column=node.end_col_offset,
        text=text,
    )


def _attribute(node: ast.AST, name: str) -> Fix | None:
    if not isinstance(node, ast.Attribute) or node.end_col_offset is None:
        return None
    value, end = node.value, node.end_col_offset
    start = end - len(node.attr.encode()) - 1
    if value.end_lineno != node.end_lineno or value.end_col_offset != start:
        return None
    text = f".{name}" if name.isidentifier() else f"[{literal_text(name)}]"
    line = node.end_lineno or node.lineno
    return Fix(line=line, column=start, end_line=line, end_column=end, text=text)
