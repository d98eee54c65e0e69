"""What a text of SQL does beside reading? By its words; the server refuses the worst by itself."""

import re

_COMMENTS = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_STRINGS = re.compile(r"'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.|\"\")*\"", re.DOTALL)

_READS = ("SELECT", "WITH", "VALUES", "FROM", "TABLE", "DESCRIBE", "DESC", "SHOW", "EXPLAIN")
"""First words of statements that change nothing."""

_VIEW = re.compile(r"CREATE\s+(OR\s+REPLACE\s+)?TEMP(ORARY)?\s+VIEW\s+(?!.*\bUSING\b)", re.I | re.S)
"""A view of this session, made from a query; one made `USING` a data source is another thing."""

_REFLECTION = re.compile(r"\b(try_)?(reflect|java_method)\s*\(", re.I)
_FILE = re.compile(
    r"\b(csv|json|parquet|orc|text|avro|xml|binaryFile|delta|iceberg)\s*\.\s*`", re.I
)
_SCRIPT = re.compile(r"\b(TRANSFORM|MAP|REDUCE)\b[^;]*\bUSING\s*\x00", re.I | re.S)
_WRITES = re.compile(r"\bINSERT\s+(INTO|OVERWRITE)\b|\bINTO\s+VARIABLE\b", re.I)
_GLOBAL = re.compile(r"\bglobal_temp\s*\.|\bGLOBAL\s+TEMP", re.I)


def in_any_text(text: str) -> str | None:
    """What a text says of the program wherever it stands, as it may become SQL."""
    if _REFLECTION.search(text):
        return "its SQL calls Java"
    if _FILE.search(text):
        return "its SQL names a file as a table"
    if _GLOBAL.search(text):
        return "it uses a global view"
    return None


def in_statement(text: str) -> str | None:
    """Why this statement may not run in a server that others use too; None when it may."""
    anywhere = in_any_text(text)
    if anywhere is not None:
        return anywhere
    bare = _STRINGS.sub("\x00", _COMMENTS.sub(" ", text)).strip().lstrip("(").strip()
    if _SCRIPT.search(bare):
        return "its SQL runs a script"
    if _WRITES.search(bare):
        return "its SQL writes a table of the catalog"
    word = re.match(r"[A-Za-z]*", bare)
    first = word[0].upper() if word else ""
    if first in _READS or _VIEW.match(bare):
        return None
    return f"its SQL runs {' '.join(bare.split()[:2]).upper() or 'nothing that can be read'}"
